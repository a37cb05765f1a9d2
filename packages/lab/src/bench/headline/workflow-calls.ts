import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import type { Definition } from '@tweet-pipes/local-aws/states/definition/definition';
import type { TaskCall, TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { type ExecutionRequest, runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import { jsonBytes, PAYLOAD_BYTES } from '@tweet-pipes/local-aws/states/payload-size';
import { batchesOf, type LandedRecord } from '../drain.ts';

/** A call of the DynamoDB API. */
export interface DynamoDbCall {
  operation: 'BatchGetItem' | 'BatchExecuteStatement' | 'UpdateItem';
  input: JsonObject;
}

/** The DynamoDB calls of the workflow for a batch of new tweets, by step. */
export interface BatchCalls {
  /** Reads of `deletions` before the tweets are stored. */
  lookUps: DynamoDbCall[];
  /** INSERTs, several tweets a call. */
  inserts: DynamoDbCall[];
  /** The write that advances the shard's high-water mark (docs/adr/0020). */
  marks: DynamoDbCall[];
  /** One for each distinct hashtag. */
  updates: DynamoDbCall[];
}

/**
 * The batches of each shard that the workflow gets, in order: a batch over the size of an execution's input is refused,
 * and the pipe halves it until its parts fit.
 */
export function deliveredBatches(landed: readonly LandedRecord[], batchSize: number): LandedRecord[][][] {
  return batchesOf(landed, batchSize).map((batches) => batches.flatMap(halvesThatFit));
}

function halvesThatFit(batch: LandedRecord[]): LandedRecord[][] {
  if (batch.length < 2 || jsonBytes(workflowInput(batch)) <= PAYLOAD_BYTES) return [batch];
  const half = Math.ceil(batch.length / 2);
  return [batch.slice(0, half), batch.slice(half)].flatMap(halvesThatFit);
}

/** Concurrent calls of each kind: MaxConcurrency of the workflow's Map states, and one without a Map. */
export const concurrency = { lookUps: 10, inserts: 40, marks: 1, updates: 40 } as const;

/** Runs the workflow on the batch, with immediate answers as for new tweets, and returns its calls. */
export async function callsOf(definition: Definition, batch: readonly LandedRecord[]): Promise<BatchCalls> {
  const calls: BatchCalls = { lookUps: [], inserts: [], marks: [], updates: [] };
  const onCall = ({ operation, input }: DynamoDbCall) => {
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
  };
  await runWorkflow(definition, batch, { onCall });
  return calls;
}

/** How {@link runWorkflow} runs. */
export type WorkflowRun = Pick<ExecutionRequest, 'pace' | 'log'> & {
  /** Default: the system's. */
  clock?: Clock;
  /** Called for each call; it is answered when this resolves. */
  onCall?(call: DynamoDbCall): Promise<void> | void;
};

/**
 * Runs an execution of the workflow without services, with answers as for new tweets. Resolves to its duration by the
 * clock, in milliseconds. Throws if it fails.
 */
export async function runWorkflow(
  definition: Definition,
  batch: readonly LandedRecord[],
  { clock = systemClock, pace, log, onCall = () => {} }: WorkflowRun = {},
): Promise<number> {
  const runTask: TaskRunner = async ({ integration, arguments: input }: TaskCall) => {
    switch (integration.action) {
      case 'batchGetItem':
        await onCall({ operation: 'BatchGetItem', input });
        return {
          Responses: isJsonObject(input.RequestItems) ? nothingFound(input.RequestItems) : {},
          UnprocessedKeys: {},
        };
      case 'batchExecuteStatement':
        await onCall({ operation: 'BatchExecuteStatement', input });
        return { Responses: Array.isArray(input.Statements) ? input.Statements.map(() => ({})) : [] };
      case 'updateItem':
        await onCall({ operation: 'UpdateItem', input });
        return {};
      default:
        throw new Error(`New tweets need no ${integration.action}.`);
    }
  };
  const { status, error, cause, startMs, stopMs } = await runExecution({
    definition,
    input: workflowInput(batch),
    runTask,
    clock,
    random: systemRandom,
    ...(pace && { pace }),
    ...(log && { log }),
  });
  if (status !== 'SUCCEEDED') throw new Error(`The workflow ended as ${status}: ${error} ${cause}`);
  return stopMs - startMs;
}

/** The workflow's input for a batch, as the input template of the ingest pipe makes it. */
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
