import type { Denial } from './denial.ts';
import { evaluatePolicies, type Question } from './evaluate-policies.ts';
import type { Policy } from './policy-document.ts';

/** The policies that decide one question. */
export interface ApplicablePolicies {
  /** Of the role; none of a service. `everything`: the account's administrator. */
  readonly identity: readonly Policy[] | 'everything';
  /** Undefined: the role has none. */
  readonly boundary: readonly Policy[] | undefined;
  /** Of the resource; a role's trust policy where it is assumed. */
  readonly resource: readonly Policy[];
  /**
   * Whether identity-based policies count only where the resource policy allows the account, as for trust policies and
   * keys.
   */
  readonly resourceMustAllow: boolean;
}

/**
 * Decides a question within one account. Undefined: allowed. An explicit deny wins. Otherwise the identity-based or the
 * resource policies have to allow, and the permissions boundary too unless a resource policy allows the session itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function decide(question: Question, policies: ApplicablePolicies): Denial | undefined {
  const identity = policies.identity === 'everything' ? EVERYTHING : evaluatePolicies(policies.identity, question);
  if (identity.isDenied) return { by: 'identity', isExplicit: true };
  const resource = evaluatePolicies(policies.resource, question);
  if (resource.isDenied) return { by: 'resource', isExplicit: true };
  const boundary = policies.boundary && evaluatePolicies(policies.boundary, question);
  if (boundary?.isDenied) return { by: 'boundary', isExplicit: true };

  const isNamed = resource.allows === 'direct' || resource.allows === 'role';
  if (!isNamed) {
    if (question.who.kind === 'service') return { by: 'resource', isExplicit: false };
    if (policies.resourceMustAllow && resource.allows !== 'account') return { by: 'resource', isExplicit: false };
    if (identity.allows === undefined) return { by: 'identity', isExplicit: false };
  }
  const isLimited = boundary !== undefined && boundary.allows === undefined && resource.allows !== 'direct';
  return isLimited ? { by: 'boundary', isExplicit: false } : undefined;
}

const EVERYTHING = { isDenied: false, allows: 'direct' } as const;
