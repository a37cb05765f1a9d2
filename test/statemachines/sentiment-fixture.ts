import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { createComprehendService } from '@tweet-pipes/local-aws/comprehend/service';
import type { Definition } from '@tweet-pipes/local-aws/states/definition/definition';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import type { TaskCall, TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { createTaskRunner } from '@tweet-pipes/local-aws/states/integrations/task-runner';
import { type ExecutionResult, runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import { readWorkflow } from '../../infra/workflow-definition.ts';
import { startTestEndpoint, type TestEndpoint } from '../../packages/local-aws/test/gateway/test-endpoint.ts';
import { HurriedClock } from './hurried-clock.ts';
import { position } from './ingest-fixture.ts';

const TABLE = 'tweets';

/** Fills the holes of the definition or of one of its expressions, as the stack does. */
export function fillHoles(text: string): string {
  return text.replaceAll('${TweetTable}', TABLE);
}

/** The workflow's definition, its holes filled. */
function sentimentDefinition(): JsonObject {
  return JSON.parse(fillHoles(JSON.stringify(readWorkflow('sentiment'))));
}

/** A tweet as the ingest workflow stores it. */
export interface StoredTweet {
  id: string;
  text?: string;
  lang?: string;
  /** Of the record that brought it. */
  record: string;
}

/** A tweet of record `n` of shard 0. */
export function stored(id: string, text: string | undefined, lang: string | undefined = 'en', n = 0): StoredTweet {
  return {
    id,
    ...(text === undefined ? {} : { text }),
    ...(lang === undefined ? {} : { lang }),
    record: position(n),
  };
}

/** What the pipe's input template makes of the tweets. */
export function delivered(tweets: readonly StoredTweet[]): Json {
  return tweets.map((tweet): Json => ({ item: JSON.parse(JSON.stringify(itemOf(tweet))) }));
}

/** Those of the workflow's calls that go to Comprehend. */
export function comprehendCalls(calls: readonly TaskCall[]): JsonObject[] {
  return calls.filter(({ integration }) => integration.action === 'batchDetectSentiment').map((call) => call.arguments);
}

function itemOf(tweet: StoredTweet): Record<string, AttributeValue> {
  return marshall({ ...tweet, hashtags: [], expiresAt: 2_000_000_000 });
}

/** The workflow on the real interpreter, the real engine of DynamoDB and the local Comprehend. */
export class SentimentFixture {
  readonly #endpoint: TestEndpoint;
  readonly #definition: Definition;
  readonly #tasks: TaskRunner;
  readonly #clock = new HurriedClock();
  /** The calls of all executions since `clear`. */
  readonly calls: TaskCall[] = [];

  private constructor(endpoint: TestEndpoint, definition: Definition) {
    this.#endpoint = endpoint;
    this.#definition = definition;
    const run = createTaskRunner({ clients: () => endpoint.ownClients });
    this.#tasks = (call) => {
      this.calls.push(call);
      return run(call);
    };
  }

  /** @param prepare may change the definition before it is run. */
  static async start(prepare: (definition: Definition) => void = () => {}): Promise<SentimentFixture> {
    // Before anything runs that would keep a failed test's process alive.
    const definition = parseDefinition(JSON.stringify(sentimentDefinition()));
    prepare(definition);
    const endpoint = await startTestEndpoint({ services: [createComprehendService({ log: () => {} })] });
    await endpoint.ownClients.dynamodb.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    return new SentimentFixture(endpoint, definition);
  }

  stop(): Promise<void> {
    return this.#endpoint.stop();
  }

  /** Stores tweets, as new items. */
  async store(tweets: readonly StoredTweet[]): Promise<void> {
    for (const tweet of tweets) {
      await this.#endpoint.ownClients.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: itemOf(tweet) }));
    }
  }

  async remove(id: string): Promise<void> {
    await this.#endpoint.ownClients.dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: { id: { S: id } } }));
  }

  /** The items by id. */
  async items(): Promise<Record<string, Record<string, unknown>>> {
    const { Items = [] } = await this.#endpoint.ownClients.dynamodb.send(
      new ScanCommand({ TableName: TABLE, ConsistentRead: true }),
    );
    return Object.fromEntries(Items.map((item) => unmarshall(item)).map((item) => [String(item.id), item]));
  }

  /** Removes all items, and forgets the calls. */
  async clear(): Promise<void> {
    for (const id of Object.keys(await this.items())) await this.remove(id);
    this.calls.length = 0;
  }

  /**
   * Runs the workflow once over a batch. `through` may fail, repeat or change its calls; `signal` ends the execution in
   * the middle.
   */
  deliver(
    tweets: readonly StoredTweet[],
    through: (run: TaskRunner) => TaskRunner = (run) => run,
    signal?: AbortSignal,
  ): Promise<ExecutionResult> {
    return runExecution({
      definition: this.#definition,
      input: delivered(tweets),
      runTask: through(this.#tasks),
      clock: this.#clock,
      random: seededRandom(1),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The rows that one delivery gives. Throws if the execution does not succeed. */
  async rows(tweets: readonly StoredTweet[], through?: (run: TaskRunner) => TaskRunner): Promise<JsonObject[]> {
    const { status, output, cause } = await this.deliver(tweets, through);
    if (status !== 'SUCCEEDED' || !Array.isArray(output)) throw new Error(`${status}: ${cause}`);
    return output.filter(isJsonObject);
  }
}
