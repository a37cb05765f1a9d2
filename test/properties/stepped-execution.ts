import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import type { TaskCall, TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import type { IngestFixture } from '../statemachines/ingest-fixture.ts';

/**
 * What happens to a call. `refused`: throttled, no effect. `lost`: it takes effect, and its answer is a broken
 * connection. `partial`: half of its statements are throttled, or half of its keys stay unprocessed; what cannot fail
 * in part is refused.
 */
export type Fate = 'ok' | 'refused' | 'lost' | 'partial';

/**
 * One execution of the workflow that a test advances call by call. Its calls wait in the order in which it makes them.
 */
export class SteppedExecution {
  readonly #waiting: ((fate: Fate) => Promise<void>)[] = [];
  readonly #crash = new AbortController();
  readonly #end: Promise<boolean>;
  #isOver = false;
  #changed = () => {};

  /**
   * @param counterItems the option with which the workflow is deployed then.
   * @param unanswered gets the positions of the tweets that an INSERT may have stored although its answer was lost.
   */
  constructor(fixture: IngestFixture, batch: Json, counterItems: number, unanswered: Set<string>) {
    const through = (run: TaskRunner) => (call: TaskCall) =>
      new Promise<Json>((resolve, reject) => {
        this.#waiting.push((fate) => {
          if (fate === 'lost') for (const record of recordsIn(call)) unanswered.add(record);
          return withFate(run, call, fate).then(resolve, reject);
        });
        this.#changed();
      });
    const options = { signal: this.#crash.signal, counterItems };
    this.#end = fixture.deliver(batch, through, options).then(({ status }) => {
      this.#isOver = true;
      this.#changed();
      return status === 'SUCCEEDED';
    });
  }

  /** Lets its next call through, or waits for its end; false when it is over. */
  async step(fate: Fate = 'ok'): Promise<boolean> {
    while (this.#waiting.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    if (this.#isOver) return false;
    await this.#waiting.shift()?.(fate);
    return true;
  }

  /** Runs it to its end; true when it succeeded. */
  async finish(): Promise<boolean> {
    while (await this.step());
    return this.#end;
  }

  /** Ends it here: calls that wait never take effect. */
  async crash(): Promise<void> {
    this.#crash.abort();
    await this.#end;
  }
}

async function withFate(run: TaskRunner, call: TaskCall, fate: Fate): Promise<Json> {
  switch (fate) {
    case 'ok':
      return run(call);
    case 'refused':
      throw throttled(call);
    case 'lost':
      await run(call).catch(() => undefined);
      throw throttled(call);
    case 'partial':
      return partly(run, call);
  }
}

async function partly(run: TaskRunner, call: TaskCall): Promise<Json> {
  const { Statements, RequestItems } = call.arguments;
  if (Array.isArray(Statements)) {
    const done = Statements.filter((_, n) => n % 2 === 1);
    const answer = done.length === 0 ? {} : await run({ ...call, arguments: { Statements: done } });
    const responses = asList(asObject(answer).Responses);
    const throttledStatement = { Error: { Code: 'ThrottlingError', Message: 'slow down' } };
    return { Responses: Statements.map((_, n) => (n % 2 === 1 ? (responses[(n - 1) / 2] ?? {}) : throttledStatement)) };
  }
  if (RequestItems === undefined) throw throttled(call);
  const [[table, request] = ['', null], ...others] = Object.entries(asObject(RequestItems));
  const { Keys, ...rest } = asObject(request);
  const keys = asList(Keys);
  const half = Math.floor(keys.length / 2);
  const asked = { [table]: { ...rest, Keys: keys.slice(0, half) } };
  const answer = half === 0 ? { Responses: {} } : await run({ ...call, arguments: { RequestItems: asked } });
  const left = { [table]: { ...rest, Keys: keys.slice(half) }, ...Object.fromEntries(others) };
  return { ...asObject(answer), UnprocessedKeys: left };
}

/** The `record` of each tweet that the call inserts. */
function recordsIn({ arguments: { Statements } }: TaskCall): string[] {
  const values = asList(Statements).flatMap((statement) => asList(asObject(statement).Parameters));
  return values.flatMap((value) => {
    const { S: text } = asObject(value);
    return typeof text === 'string' && text.startsWith('shardId-') ? [text] : [];
  });
}

function throttled({ integration }: TaskCall): StateError {
  const names: Record<string, string> = {
    'aws-sdk:dynamodb': 'DynamoDb.SdkClientException',
    dynamodb: 'DynamoDB.SdkClientException',
    'aws-sdk:s3': 'S3.SdkClientException',
  };
  return new StateError(names[integration.resourceType] ?? 'States.TaskFailed', 'the connection broke');
}

function asObject(json: Json | undefined): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return {};
  return json;
}

function asList(json: Json | undefined): Json[] {
  return Array.isArray(json) ? json : [];
}
