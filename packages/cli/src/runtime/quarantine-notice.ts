import type { Clock } from '@tweet-pipes/kit/clock';
import { thousands } from '@tweet-pipes/kit/wording';
import type { Call, Intercept } from '@tweet-pipes/local-aws';
import { QuietLine } from '@tweet-pipes/local-aws/quiet-line';
import { printable } from '../terminal/terminal.ts';

const remedy = 'Repair the producer and send them again: npx tweet-pipes status';

/**
 * Sees the calls of a local runtime, and writes a line when a record is put into quarantine, at most one a minute. A
 * redelivery that writes the same object again counts again.
 */
export function quarantineNotice(log: (line: string) => void, clock: Pick<Clock, 'now'>): Intercept {
  const line = new QuietLine(log, clock);
  return async (call, forward) => {
    const answer = await forward();
    if (isQuarantine(call) && answer.statusCode < 300) {
      line.add(
        1,
        (count) =>
          `Quarantine: a record cannot be used (${reasonOf(call)}), ${thousands(count)} since the start. ${remedy}`,
      );
    }
    return answer;
  };
}

function isQuarantine({ service, operation, request }: Call): boolean {
  return service === 's3' && operation === 'PutObject' && request.url.includes('/quarantine/');
}

/** Why, by the object: its member `reason`. */
function reasonOf({ request }: Call): string {
  const [, reason] = /"reason":"((?:[^"\\]|\\.){0,200})/.exec(request.body.subarray(0, 2_000).toString('utf8')) ?? [];
  return printable(reason ?? 'see its object');
}
