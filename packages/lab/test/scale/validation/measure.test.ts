import { expect, it } from '@jest/globals';
import { scenario } from '../../../src/scale/simulation/scenario.ts';
import { measureRuntime, withoutPutLimits } from '../../../src/scale/validation/measure.ts';

const exactly = (ms: number) => ({ p50Ms: ms, p99Ms: ms, source: 'recalled' as const });

it('times the executions of a runtime that keeps the pace of a table: none is shorter than its calls in a row', async () => {
  const base = withoutPutLimits();
  const calls = {
    ...base.calls,
    'dynamodb.BatchGetItem': exactly(30),
    'dynamodb.BatchExecuteStatement': exactly(50),
    'dynamodb.UpdateItem': exactly(20),
  };
  const overheads = { ...base.overheads, startSyncExecution: exactly(40), state: exactly(2), task: exactly(5) };
  const given = scenario({
    ...{ backlogPerShard: 20, tweetsPerShardSecond: 0, hotShare: 1, windowSeconds: 0 },
    table: { ...base, calls, overheads, polls: { ...base.polls, kinesis: { intervalMs: 50, source: 'recalled' } } },
  });
  const { tweetsPerSecond, executionP50Ms } = await measureRuntime(given, 1);
  expect(tweetsPerSecond).toBeGreaterThan(0);
  // The start, the look-up, the insert and the round of updates, with the task of each, and ten states or more.
  expect(executionP50Ms).toBeGreaterThanOrEqual(40 + (30 + 5) + (50 + 5) + (20 + 5) + 10 * 2);
});
