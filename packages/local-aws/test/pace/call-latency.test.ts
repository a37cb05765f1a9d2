import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { Call, WireResponse } from '../../src/gateway/wire.ts';
import { callLatency } from '../../src/pace/call-latency.ts';
import { paceTable } from '../../src/pace/pace-table.ts';

const exactly = (ms: number) => ({ p50Ms: ms, p99Ms: ms, source: 'recalled' as const });
const table = paceTable({
  calls: { 'dynamodb.UpdateItem': exactly(10) },
  overheads: { startSyncExecution: exactly(20) },
});
const answered: WireResponse = { statusCode: 200, headers: {}, body: Buffer.alloc(0) };

function setUp(service: string, operation: string) {
  const clock = new ManualClock();
  const startMs = clock.now();
  const off = new AbortController();
  const times: Record<string, number> = {};
  const intercept = callLatency({ table, clock, random: seededRandom(1), signal: off.signal, onCall: () => {} });
  const call: Call = {
    ...{ service, operation, request: { method: 'POST', url: '/', headers: {}, body: Buffer.alloc(0) } },
    context: { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'k' },
  };
  const run = (serviceMs: number) =>
    intercept(call, async () => {
      times.reached = clock.now() - startMs;
      if (serviceMs > 0) await clock.sleep(serviceMs);
      return answered;
    }).then(() => (times.answered = clock.now() - startMs));
  return { clock, off, times, run };
}

it('lets half of the time pass before the effect and the rest after', async () => {
  const { clock, times, run } = setUp('dynamodb', 'UpdateItem');
  void run(0);
  await clock.advance(100);
  expect(times).toEqual({ reached: 5, answered: 10 });
});

it("subtracts the service's own time from the rest", async () => {
  const { clock, times, run } = setUp('dynamodb', 'UpdateItem');
  void run(3);
  await clock.advance(100);
  expect(times).toEqual({ reached: 5, answered: 10 });
});

it('adds nothing where the service is slower than AWS', async () => {
  const { clock, times, run } = setUp('dynamodb', 'UpdateItem');
  void run(30);
  await clock.advance(100);
  expect(times).toEqual({ reached: 5, answered: 35 });
});

it('adds to the duration of an execution', async () => {
  const { clock, times, run } = setUp('states', 'StartSyncExecution');
  void run(70);
  await clock.advance(100);
  expect(times).toEqual({ reached: 20, answered: 90 });
});

it('does not delay calls without an entry, nor any call after the runtime stops', async () => {
  const unnamed = setUp('dynamodb', 'DescribeTable');
  await unnamed.run(0);
  expect(unnamed.times).toEqual({ reached: 0, answered: 0 });
  const ending = setUp('dynamodb', 'UpdateItem');
  const run = ending.run(0);
  ending.off.abort();
  await run;
  expect(ending.times).toEqual({ reached: 0, answered: 0 });
});
