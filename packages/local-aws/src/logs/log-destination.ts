import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { LogDelivery } from './log-delivery.ts';

/** How long a stream of a service takes events before the next one. */
const STREAM_MS = 60 * 60 * 1000;

/** What gives the lines of one resource to its log group. */
export type LogWriter = (message: string, timestampMs: number) => void;

/**
 * Writes the lines of a resource to streams such as `states/Workflow/2026-11-29-08-30/1a2b3c4d`, a new one each hour.
 * AWS names those of Step Functions so; its words for other services are not known.
 */
export function serviceLogWriter(
  delivery: LogDelivery,
  { logGroupName, service, resource }: { logGroupName: string; service: 'states' | 'pipes'; resource: string },
  { clock, random }: { clock: Clock; random: Random },
): LogWriter {
  let logStreamName = '';
  let endMs = Number.NEGATIVE_INFINITY;
  return (message, timestampMs) => {
    const nowMs = clock.now();
    if (nowMs >= endMs) {
      const minute = new Date(nowMs).toISOString().slice(0, 16).replaceAll(/[T:]/g, '-');
      logStreamName = `${service}/${resource}/${minute}/${random.uuid().slice(0, 8)}`;
      endMs = nowMs + STREAM_MS;
    }
    delivery.put(logGroupName, logStreamName, { timestampMs, message });
  };
}
