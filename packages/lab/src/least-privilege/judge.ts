import type { AccessControl, AccessRequest, Account } from '@tweet-pipes/local-aws/iam/access-control';
import { createAccessControl } from '@tweet-pipes/local-aws/iam/access-store';
import type { AwsOnlyAction } from '@tweet-pipes/local-aws/iam/aws-only-actions';
import type { RareRight } from './rare-rights.ts';
import { principalsOf, type Right, type RoleWithPolicies, rightsOf } from './rights.ts';

/** A question of a role's session that its policies allowed. */
export interface AllowedQuestion {
  readonly roleName: string;
  readonly sessionName: string;
  readonly request: AccessRequest;
}

/** What is known to be needed, though the workload does not ask for it. */
export interface KnownRights {
  readonly awsOnly: readonly AwsOnlyAction[];
  readonly rare: readonly RareRight[];
}

/** A right that at least one question needs, with the questions that would be denied without it. */
export interface NeededRight {
  readonly right: Right;
  readonly questions: readonly AllowedQuestion[];
}

/** What {@link judgeRights} finds. */
export interface RightsVerdict {
  readonly needed: readonly NeededRight[];
  /** Not asked for, and known. */
  readonly known: readonly Right[];
  /** Not asked for, and not known: to be removed, or to be explained. */
  readonly unused: readonly Right[];
  /** Rows of {@link KnownRights} that no role of the template has, or, if only AWS should ask, that were asked for. */
  readonly stale: readonly string[];
}

/**
 * Takes each right from its role and decides every question of the role again. A right without which each question is
 * still allowed is not used.
 */
export function judgeRights(
  roles: readonly RoleWithPolicies[],
  questions: readonly AllowedQuestion[],
  known: KnownRights,
  account: Account,
): RightsVerdict {
  const access = createAccessControl(account);
  const found = roles.flatMap((role) => {
    const own = questions.filter(({ roleName }) => roleName === role.name);
    return rightsOf(role).map((right) => {
      putWithout(access, role, right);
      const denied = own.filter(({ roleName, sessionName, request }) => {
        return !access.decide({ kind: 'role', roleName, sessionName, isWorker: true }, request).isAllowed;
      });
      return { role, right, questions: denied };
    });
  });
  const notAsked = found.filter((each) => each.questions.length === 0);
  return {
    needed: found.filter((each) => each.questions.length > 0),
    known: notAsked.filter(({ role, right }) => isKnown(role, right, known)).map(({ right }) => right),
    unused: notAsked.filter(({ role, right }) => !isKnown(role, right, known)).map(({ right }) => right),
    stale: staleRows(roles, questions, known),
  };
}

/** The policies of a role without one right. A policy without statements is none. */
function policiesWithout({ policies }: RoleWithPolicies, { policyName, without }: Right) {
  return policies.flatMap(({ name, document }) => {
    const left = name === policyName ? without : document;
    return left === undefined ? [] : [{ name, document: left }];
  });
}

function putWithout(access: AccessControl, role: RoleWithPolicies, right: Right): void {
  const { name, arn, trust } = role;
  access.putRole({ name, arn, trust, managed: [], inline: policiesWithout(role, right) });
}

/** A statement is known if each of its actions is. */
function isKnown(role: RoleWithPolicies, right: Right, { awsOnly, rare }: KnownRights): boolean {
  const principals = principalsOf(role);
  return right.values.every(
    (value) =>
      (right.kind !== 'resource' &&
        awsOnly.some(({ action, principal }) => action === value && principals.includes(principal))) ||
      rare.some((row) => isOf(row, role) && isRow(row, right.kind, value)),
  );
}

function isOf({ role: prefix }: RareRight, { name }: RoleWithPolicies): boolean {
  return name.replace(/[0-9A-F]{8}$/, '') === prefix;
}

function isRow(row: RareRight, kind: Right['kind'], value: string): boolean {
  return 'action' in row ? kind !== 'resource' && row.action === value : kind === 'resource' && endsWithKey(value, row);
}

function endsWithKey(arn: string, { objects }: { readonly objects: string }): boolean {
  return arn.endsWith(`/${objects}`);
}

function staleRows(
  roles: readonly RoleWithPolicies[],
  questions: readonly AllowedQuestion[],
  { awsOnly, rare }: KnownRights,
): string[] {
  const of = roles.map((role) => ({ role, principals: principalsOf(role), rights: rightsOf(role) }));
  const aws = awsOnly.flatMap(({ action, principal }) => {
    const own = of.filter(({ principals }) => principals.includes(principal));
    const isThere = own.some(({ rights }) => rights.some(({ kind, values }) => has(kind, values, action)));
    const isAsked = questions.some(
      ({ roleName, request }) => request.action === action && own.some(({ role }) => role.name === roleName),
    );
    if (!isThere) return [`${action} of ${principal}: no role has it`];
    return isAsked ? [`${action} of ${principal}: asked for here`] : [];
  });
  const never = rare
    .filter((row) =>
      of.every(({ role, rights }) => {
        return !isOf(row, role) || !rights.some(({ kind, values }) => values.some((value) => isRow(row, kind, value)));
      }),
    )
    .map((row) => `${'action' in row ? row.action : row.objects} of ${row.role}: the role does not have it`);
  return [...aws, ...never];
}

function has(kind: Right['kind'], values: readonly string[], action: string): boolean {
  return kind !== 'resource' && values.includes(action);
}
