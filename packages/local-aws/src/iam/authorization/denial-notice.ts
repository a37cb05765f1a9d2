import type { Clock } from '@tweet-pipes/kit/clock';
import { quietLog } from '../../gateway/quiet-log.ts';
import type { Caller } from '../caller.ts';
import { type DeniedRequest, denialReason } from '../denial.ts';
import type { OnDecision } from './decisions.ts';
import { callerWithoutSession, type Denials } from './denials.ts';

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
      const { denied } = decision;
      denials.note(caller, denied);
      const key = [callerWithoutSession(caller), denied.action, denialReason(denied)].join('\n');
      if (logs.size >= MOST_LOGS && !logs.has(key)) logs.clear();
      const quiet = logs.get(key) ?? quietLog(log, clock);
      logs.set(key, quiet);
      quiet(lineOf(caller, denied), denied.resource);
    }
    also?.(caller, request, decision);
  };
}

function lineOf(caller: Caller, denied: DeniedRequest): string {
  const session = caller.kind === 'role' ? ` (session ${caller.sessionName})` : '';
  const who = `${callerWithoutSession(caller)}${session}`;
  return `Denied: ${who} may not ${denied.action} on ${denied.resource}, ${denialReason(denied)}.`;
}
