import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { malformedPolicy } from './malformed-policy.ts';

/** Who asks, as policies name it. */
export type AskingPrincipal =
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      readonly sessionArn: string;
      /** `<role's id>:<session's name>` */
      readonly userId: string;
      readonly accountId: string;
      readonly hasBoundary: boolean;
    }
  | { readonly kind: 'service'; readonly name: string }
  /** The account itself: its administrator. */
  | { readonly kind: 'account'; readonly accountId: string };

/**
 * How a resource policy names who asks. `direct`: itself, or everyone. `role`: the role of the session, so that a
 * permissions boundary limits it. `account`: the account, which leaves the decision to the identity-based policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type PrincipalMatch = 'direct' | 'role' | 'account';

export type PrincipalMatcher = (who: AskingPrincipal) => PrincipalMatch | undefined;

const ACCOUNT = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/;
const KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

/** Compiles `Principal` of a statement. Throws MalformedPolicyDocument for what is none. */
export function compilePrincipal(element: Json, at: string): PrincipalMatcher {
  if (element === '*') return () => 'direct';
  if (!isJsonObject(element)) throw malformedPolicy(at, 'a principal is "*" or an object such as {"Service": "…"}.');
  const matchers = Object.entries(element).flatMap(([kind, names]) => {
    if (!KINDS.has(kind)) throw malformedPolicy(`${at}.${kind}`, `a principal is one of ${[...KINDS].join(', ')}.`);
    return (Array.isArray(names) ? names : [names]).map((name) => {
      if (typeof name !== 'string') throw malformedPolicy(`${at}.${kind}`, 'the name of a principal is a text.');
      return compileName(kind, name, `${at}.${kind}`);
    });
  });
  return (who) => strongest(matchers.map((matcher) => matcher(who)));
}

/**
 * Compiles `NotPrincipal`: everyone but those whom it names in any way. With `Deny` a role with a permissions boundary
 * is never spared.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function compileNotPrincipal(element: Json, at: string, effect: 'Allow' | 'Deny'): PrincipalMatcher {
  const named = compilePrincipal(element, at);
  return (who) => {
    if (effect === 'Deny' && who.kind === 'role' && who.hasBoundary) return 'direct';
    return named(who) === undefined ? 'direct' : undefined;
  };
}

function compileName(kind: string, name: string, at: string): PrincipalMatcher {
  if (kind === 'Service') return (who) => (who.kind === 'service' && who.name === name ? 'direct' : undefined);
  // No caller of the endpoint is one of these.
  if (kind !== 'AWS') return () => undefined;
  if (name === '*') return () => 'direct';
  const [, accountId] = ACCOUNT.exec(name) ?? [];
  if (accountId !== undefined) {
    return (who) => (who.kind !== 'service' && who.accountId === accountId ? 'account' : undefined);
  }
  if (name.includes('*')) throw malformedPolicy(at, `"${name}" is a pattern. A principal is "*" or one whole ARN.`);
  return (who) => {
    if (who.kind !== 'role') return undefined;
    if (who.sessionArn === name) return 'direct';
    return who.roleArn === name ? 'role' : undefined;
  };
}

const STRENGTH: readonly PrincipalMatch[] = ['direct', 'role', 'account'];

/** The one of several matches that grants the most. */
export function strongest(matches: readonly (PrincipalMatch | undefined)[]): PrincipalMatch | undefined {
  return STRENGTH.find((each) => matches.includes(each));
}
