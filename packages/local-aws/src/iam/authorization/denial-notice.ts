import type { Clock } from '@tweet-pipes/kit/clock';
import { quietLog } from '../../gateway/quiet-log.ts';
import type { AccessRequest } from '../access-control.ts';
import type { Caller } from '../caller.ts';
import type { OnDecision } from './access-intercept.ts';

/** Writes a line for what is denied, each at most once a minute, and tells `also` of every decision. */
export function noticeDenials({
  log,
  clock,
  also,
}: {
  log(line: string): void;
  clock: Pick<Clock, 'now'>;
  also: OnDecision | undefined;
}): OnDecision {
  const quiet = quietLog(log, clock);
  return (caller, request, decision) => {
    if (!decision.isAllowed) quiet(line(caller, request, decision.sentence));
    also?.(caller, request, decision);
  };
}

function line(caller: Caller, { action, resource }: AccessRequest, sentence: string): string {
  const why = /\b(?:because no|with an explicit deny in) .*$/.exec(sentence)?.[0] ?? '';
  return `Denied: ${nameOf(caller)} may not ${action} on ${resource}${why === '' ? '' : `, ${why}`}.`;
}

function nameOf(caller: Caller): string {
  switch (caller.kind) {
    case 'role':
      return `role ${caller.roleName} (session ${caller.sessionName})`;
    case 'service':
      return `${caller.principal} for ${caller.sourceArn}`;
    case 'administrator':
    case 'runtime':
      return caller.kind;
  }
}
