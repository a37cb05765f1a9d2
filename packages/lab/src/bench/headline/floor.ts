import type { FloorEngine } from './floor-engine.ts';
import { type BatchCalls, concurrency, type DynamoDbCall } from './workflow-calls.ts';

/**
 * Sends the calls of the workflow and nothing else: batches of a shard in sequence, shards in parallel, within a batch
 * the steps in order with the concurrency of the workflow. Without `withReads` only the writes. Resolves to
 * milliseconds; rejects if a tweet was not stored.
 */
export async function timeFloor(
  engine: FloorEngine,
  shards: readonly (readonly BatchCalls[])[],
  { withReads }: { withReads: boolean },
): Promise<number> {
  const send = async ({ operation, input }: DynamoDbCall): Promise<void> => {
    const answer = await engine.call(operation, input);
    if (operation === 'BatchExecuteStatement' && answer.includes('"Error"')) {
      throw new Error(`A tweet was not stored, so the comparison is void: ${answer.toString().slice(0, 400)}`);
    }
  };
  const startMs = performance.now();
  await Promise.all(
    shards.map(async (batches) => {
      for (const { lookUps, inserts, marks, updates } of batches) {
        if (withReads) await atATime(concurrency.lookUps, lookUps, send);
        await atATime(concurrency.inserts, inserts, send);
        await atATime(concurrency.marks, marks, send);
        await atATime(concurrency.updates, updates, send);
      }
    }),
  );
  return performance.now() - startMs;
}

async function atATime<T>(limit: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
