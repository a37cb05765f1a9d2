import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { Intercept } from '../gateway/wire.ts';
import { drawMs } from './lognormal.ts';
import type { PaceTable } from './pace-table.ts';

export interface CallLatencyOptions {
  table: PaceTable;
  clock: Clock;
  random: Random;
  /** Ends every wait at once, for the end of the runtime. */
  signal: AbortSignal;
  onCall(): void;
}

/**
 * Makes calls take as long as on AWS. Half of it passes before the effect and the rest after, less what this machine
 * itself needed, so that the whole is what was drawn unless the machine is slower. What runs inside a call (an
 * execution, a handler) is not AWS's latency: there the whole is added before.
 */
export function callLatency({ table, clock, random, signal, onCall }: CallLatencyOptions): Intercept {
  const overheads = new Map([
    ['states.StartSyncExecution', table.overheads.startSyncExecution],
    ['lambda.Invoke', table.overheads.lambdaInvoke],
  ]);
  const calls = new Map(Object.entries(table.calls));
  return async ({ service, operation }, forward) => {
    const place = `${service}.${operation}`;
    const overhead = overheads.get(place);
    const latency =
      overhead ?? (isOfTableStream(service, operation) ? calls.get('kinesis.GetRecords') : calls.get(place));
    if (latency === undefined || signal.aborted) return forward();
    onCall();
    const wholeMs = drawMs(latency, random);
    const startMs = clock.now();
    await clock.sleep(overhead === undefined ? wholeMs / 2 : wholeMs, signal);
    try {
      return await forward();
    } finally {
      const leftMs = startMs + wholeMs - clock.now();
      if (overhead === undefined && leftMs > 0) await clock.sleep(leftMs, signal);
    }
  };
}

/** DynamoDB Streams has the signing name of DynamoDB; a read of it is taken to be as fast as one of Kinesis. */
function isOfTableStream(service: string, operation: string): boolean {
  return service === 'dynamodb' && operation === 'GetRecords';
}
