import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { Intercept } from '../gateway/wire.ts';
import { drawMs } from './lognormal.ts';
import type { PaceTable } from './pace-table.ts';

export interface CallLatencyOptions {
  table: PaceTable;
  clock: Clock;
  random: Random;
  /** Ends every wait when the runtime stops. */
  signal: AbortSignal;
  /** Called for each call that is delayed. */
  onCall(): void;
}

/**
 * Makes calls take as long as on AWS. Half of the latency passes before the effect and the rest after it, less the time
 * that this machine needed. Calls that run code (an execution, a handler) get the whole latency before, in addition to
 * the time of that code.
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

/** DynamoDB Streams has the signing name of DynamoDB. Its reads are assumed to be as fast as those of Kinesis. */
function isOfTableStream(service: string, operation: string): boolean {
  return service === 'dynamodb' && operation === 'GetRecords';
}
