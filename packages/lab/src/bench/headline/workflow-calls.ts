import { systemClock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import type { Definition } from '@tweet-pipes/local-aws/states/definition/definition';
import type { TaskCall, TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import type { LandedRecord } from '../drain.ts';

/** A call of the DynamoDB API. */
export interface DynamoDbCall {
  operation: 'BatchGetItem' | 'BatchExecuteStatement' | 'UpdateItem';
  input: JsonObject;
}

/**
 * What the workflow asks of DynamoDB for one batch of new tweets, in its own order and with its own bounds on how many
 * calls go at once.
 */
export interface BatchCalls {
  /** The look at `deletions` before anything is stored. */
  lookUps: DynamoDbCall[];
  /** INSERTs, so many tweets a call. */
  inserts: DynamoDbCall[];
  /** The write that raises the shard's mark (docs/adr/0020). */
  marks: DynamoDbCall[];
  /** One for each distinct hashtag. */
  updates: DynamoDbCall[];
}

/**
 * How many calls of each kind the workflow has under way at once: MaxConcurrency of its Map states, and one where there
 * is none.
 */
export const concurrency = { lookUps: 10, inserts: 10, marks: 1, updates: 40 } as const;

/**
 * Runs the workflow itself on the batch, with tasks that are answered at once as for tweets that nobody has seen, and
 * gives the calls it made.
 */
export async function callsOf(definition: Definition, batch: readonly LandedRecord[]): Promise<BatchCalls> {
  const calls: BatchCalls = { lookUps: [], inserts: [], marks: [], updates: [] };
  await runWorkflow(definition, batch, ({ operation, input }) => {
    switch (operation) {
      case 'BatchGetItem':
        return void calls.lookUps.push({ operation, input });
      case 'BatchExecuteStatement':
        return void calls.inserts.push({ operation, input });
      case 'UpdateItem':
        return void (isJsonObject(input.Key) && 'shard' in input.Key ? calls.marks : calls.updates).push({
          operation,
          input,
        });
    }
  });
  return calls;
}

/** One execution of the workflow without a service behind it. Throws when it does not succeed. */
export async function runWorkflow(
  definition: Definition,
  batch: readonly LandedRecord[],
  onCall: (call: DynamoDbCall) => void = () => {},
): Promise<void> {
  const runTask: TaskRunner = async ({ integration, arguments: input }: TaskCall) => {
    switch (integration.action) {
      case 'batchGetItem':
        onCall({ operation: 'BatchGetItem', input });
        return {
          Responses: isJsonObject(input.RequestItems) ? nothingFound(input.RequestItems) : {},
          UnprocessedKeys: {},
        };
      case 'batchExecuteStatement':
        onCall({ operation: 'BatchExecuteStatement', input });
        return { Responses: Array.isArray(input.Statements) ? input.Statements.map(() => ({})) : [] };
      case 'updateItem':
        onCall({ operation: 'UpdateItem', input });
        return {};
      default:
        throw new Error(`New tweets need no ${integration.action}.`);
    }
  };
  const { status, error, cause } = await runExecution({
    definition,
    input: workflowInput(batch),
    runTask,
    clock: systemClock,
    random: systemRandom,
  });
  if (status !== 'SUCCEEDED') throw new Error(`The workflow ended as ${status}: ${error} ${cause}`);
}

/** A batch as the ingest pipe's input template makes it. */
export function workflowInput(batch: readonly LandedRecord[]): Json {
  const arrivedAt = Math.floor(Date.now() / 1000);
  return batch.map(({ record, shardId, sequenceNumber }) => ({
    tweet: JSON.parse(Buffer.from(record.data).toString('utf8')),
    eventID: `${shardId}:${sequenceNumber}`,
    arrivedAt,
  }));
}

function nothingFound(requestItems: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(requestItems).map((table): [string, Json] => [table, []]));
}
