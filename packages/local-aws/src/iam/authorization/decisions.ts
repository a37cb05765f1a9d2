import type { AccessControl, AccessRequest, Decision } from '../access-control.ts';
import type { Caller } from '../caller.ts';

/** Told of every decision: what was asked, by whom, and the answer. */
export type OnDecision = (caller: Caller, request: AccessRequest, decision: Decision) => void;

/** Decides as `access` does, and announces each decision. */
export function announceDecisions(
  access: Pick<AccessControl, 'decide'>,
  onDecision: OnDecision | undefined,
): AccessControl['decide'] {
  return (caller, request) => {
    const decision = access.decide(caller, request);
    onDecision?.(caller, request, decision);
    return decision;
  };
}
