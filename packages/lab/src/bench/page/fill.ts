import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { atATime } from '@tweet-pipes/cli/verification/at-a-time';
import type { BenchStack } from '../stack.ts';

/** The engine commits a transaction at once, and each item of a BatchWriteItem by itself. */
const itemsPerCall = 100;
const callsInFlight = 8;

/** Writes counters into the table of hashtags, none of which is larger than a hundred. */
export async function fillCounters({ clients, outputs }: BenchStack, count: number, signal: AbortSignal) {
  await atATime(callsInFlight, startsOf(count, itemsPerCall), async (start) => {
    signal.throwIfAborted();
    const counters = Array.from({ length: Math.min(itemsPerCall, count - start) }, (_, index) => start + index);
    const puts = counters.map((n) => ({
      Put: {
        TableName: outputs.HashtagTableName,
        Item: { hashtag: { S: `filled${n}` }, htCount: { N: String(1 + (n % 100)) } },
      },
    }));
    await clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: puts }));
  });
}

/** Runs the workflow so often, with a batch of no records. */
export async function fillExecutions({ clients, outputs }: BenchStack, count: number, signal: AbortSignal) {
  await atATime(callsInFlight, startsOf(count, 1), async () => {
    signal.throwIfAborted();
    const { status, cause } = await clients.sfn.send(
      new StartSyncExecutionCommand({ stateMachineArn: outputs.WorkflowArn, input: '[]' }),
    );
    if (status !== 'SUCCEEDED') throw new Error(`The workflow ended ${status}: ${cause}`);
  });
}

function* startsOf(count: number, step: number): Iterable<number> {
  for (let start = 0; start < count; start += step) yield start;
}
