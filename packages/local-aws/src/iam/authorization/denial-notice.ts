import type { Clock } from '@tweet-pipes/kit/clock';
import { quietLog } from '../../gateway/quiet-log.ts';
import type { AccessRequest } from '../access-control.ts';
import type { Caller } from '../caller.ts';
import type { OnDecision } from './access-intercept.ts';
import { callerWithoutSession, type Denials, denialReason } from './denials.ts';

/** Callers, actions and reasons with lines of their own, before all begin anew. */
const MOST_LOGS = 1_000;

/**
 * Notes what is denied, and tells `also` of every decision. Writes a line once a minute for each caller, action,
 * resource and reason. Of one caller, action and reason it writes 20 lines a minute at most: a bucket has many keys.
 */
export function noticeDenials({
  log,
  clock,
  denials,
  also,
}: {
  log(line: string): void;
  clock: Pick<Clock, 'now'>;
  denials: Pick<Denials, 'note'>;
  also: OnDecision | undefined;
}): OnDecision {
  const logs = new Map<string, ReturnType<typeof quietLog>>();
  return (caller, request, decision) => {
    if (!decision.isAllowed) {
      denials.note(caller, request, decision.sentence);
      const key = [callerWithoutSession(caller), request.action, denialReason(decision.sentence)].join('\n');
      if (logs.size >= MOST_LOGS && !logs.has(key)) logs.clear();
      const quiet = logs.get(key) ?? quietLog(log, clock);
      logs.set(key, quiet);
      quiet(lineOf(caller, request, decision.sentence), request.resource);
    }
    also?.(caller, request, decision);
  };
}

function lineOf(caller: Caller, { action, resource }: AccessRequest, sentence: string): string {
  const why = denialReason(sentence);
  const session = caller.kind === 'role' ? ` (session ${caller.sessionName})` : '';
  const who = `${callerWithoutSession(caller)}${session}`;
  return `Denied: ${who} may not ${action} on ${resource}${why === '' ? '' : `, ${why}`}.`;
}
