import type { KeyLookup } from './key-lookup.ts';
import type { Policy, Statement } from './policy-document.ts';
import { type AskingPrincipal, type PrincipalMatch, strongest } from './principals.ts';

/** What is asked. */
export interface Question {
  readonly who: AskingPrincipal;
  /** In lower case: `dynamodb:updateitem`. */
  readonly action: string;
  /** An ARN or `*`. */
  readonly resource: string;
  readonly keys: KeyLookup;
}

/** The answer of policies of one kind. Allowed in both cases only where `isDenied` is false. */
export interface Verdict {
  /** Whether a statement denies explicitly. */
  readonly isDenied: boolean;
  /** How the strongest statement that allows names who asks; undefined when none allows. */
  readonly allows: PrincipalMatch | undefined;
}

/** Asks every statement. A policy of a role speaks of the role itself, so it allows directly. */
export function evaluatePolicies(policies: readonly Policy[], question: Question): Verdict {
  const allows: PrincipalMatch[] = [];
  for (const policy of policies) {
    for (const statement of policy) {
      const match = appliesTo(statement, question);
      if (match === undefined) continue;
      if (statement.effect === 'Deny') return { isDenied: true, allows: undefined };
      allows.push(match);
    }
  }
  return { isDenied: false, allows: strongest(allows) };
}

function appliesTo(statement: Statement, { who, action, resource, keys }: Question): PrincipalMatch | undefined {
  if (!statement.matchesAction(action)) return undefined;
  const match = statement.principal === undefined ? 'direct' : statement.principal(who);
  if (match === undefined || !statement.matchesResource(resource, keys)) return undefined;
  return statement.conditions.every((condition) => condition(keys)) ? match : undefined;
}
