import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { arnMatcher } from './arn-pattern.ts';
import { type Condition, compileConditions, conditionKeysOf } from './conditions.ts';
import type { KeyLookup } from './key-lookup.ts';
import { malformedPolicy } from './malformed-policy.ts';
import { compileNotPrincipal, compilePrincipal, type PrincipalMatcher } from './principals.ts';
import { textMatcher, tokensOf } from './text-pattern.ts';

/** What a policy is attached to. It decides which elements its statements have. */
export type PolicyKind =
  /** A role, as a policy of its own, a managed one or its permissions boundary. */
  | 'identity'
  /** A bucket, queue, topic, key or function. */
  | 'resource'
  /** A role, as its trust policy. */
  | 'trust';

/** A statement, ready to be asked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Of resource and trust policies. */
  readonly principal: PrincipalMatcher | undefined;
  /** Takes the action in lower case. */
  matchesAction(action: string): boolean;
  matchesResource(resource: string, keys: KeyLookup): boolean;
  readonly conditions: readonly Condition[];
  /** What the conditions ask for, in lower case. */
  readonly conditionKeys: readonly string[];
}

export type Policy = readonly Statement[];

const VERSIONS = ['2012-10-17', '2008-10-17'];
const POLICY_MEMBERS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_MEMBERS = new Set([
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);
const ACTION = /^(?:\*|[a-z0-9*?-]+:[a-z0-9*?]+)$/i;

/**
 * Compiles a policy. Throws AwsError MalformedPolicyDocument, which says what is wrong and where.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function compilePolicy(document: JsonObject, kind: PolicyKind): Policy {
  for (const member of Object.keys(document)) {
    if (!POLICY_MEMBERS.has(member)) {
      throw malformedPolicy(member, `a policy has ${[...POLICY_MEMBERS].join(', ')} and nothing else.`);
    }
  }
  const { Version = '2008-10-17', Statement: statements } = document;
  if (typeof Version !== 'string' || !VERSIONS.includes(Version)) {
    throw malformedPolicy(
      'Version',
      `${JSON.stringify(Version)} is not a version. There are ${VERSIONS.join(' and ')}.`,
    );
  }
  if (statements === undefined) throw malformedPolicy('Statement', 'the policy has no statement.');
  const hasVariables = Version === VERSIONS[0];
  if (!Array.isArray(statements)) return [compileStatement(statements, 'Statement', kind, hasVariables)];
  return statements.map((each, index) => compileStatement(each, `Statement[${index}]`, kind, hasVariables));
}

function compileStatement(statement: Json, at: string, kind: PolicyKind, hasVariables: boolean): Statement {
  if (!isJsonObject(statement)) throw malformedPolicy(at, 'a statement is an object.');
  for (const member of Object.keys(statement)) {
    if (!STATEMENT_MEMBERS.has(member)) {
      throw malformedPolicy(
        `${at}.${member}`,
        `a statement has ${[...STATEMENT_MEMBERS].join(', ')} and nothing else.`,
      );
    }
  }
  const { Effect, Condition: condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformedPolicy(`${at}.Effect`, 'the effect is Allow or Deny.');
  return {
    effect: Effect,
    principal: principalOf(statement, at, kind, Effect),
    matchesAction: actionOf(statement, at),
    matchesResource: resourceOf(statement, at, kind, hasVariables),
    conditions: condition === undefined ? [] : compileConditions(condition, `${at}.Condition`, hasVariables),
    conditionKeys: condition === undefined ? [] : conditionKeysOf(condition),
  };
}

function principalOf(
  statement: JsonObject,
  at: string,
  kind: PolicyKind,
  effect: Statement['effect'],
): PrincipalMatcher | undefined {
  const given = oneOf(statement, 'Principal', 'NotPrincipal', at);
  if (kind === 'identity') {
    if (given === undefined) return undefined;
    throw malformedPolicy(`${at}.${given.name}`, 'a policy of a role has no principal: it is the role.');
  }
  if (given === undefined) throw malformedPolicy(at, 'the statement has neither Principal nor NotPrincipal.');
  const place = `${at}.${given.name}`;
  return given.isNegated ? compileNotPrincipal(given.value, place, effect) : compilePrincipal(given.value, place);
}

function actionOf(statement: JsonObject, at: string): Statement['matchesAction'] {
  const given = oneOf(statement, 'Action', 'NotAction', at);
  if (given === undefined) throw malformedPolicy(at, 'the statement has neither Action nor NotAction.');
  const matchers = textsOf(given.value, `${at}.${given.name}`).map((action) => {
    if (!ACTION.test(action)) {
      throw malformedPolicy(`${at}.${given.name}`, `"${action}" is not an action such as dynamodb:GetItem or "*".`);
    }
    return textMatcher(tokensOf(action.toLowerCase(), { hasWildcards: true, hasVariables: false }));
  });
  return (action) => matchers.some((matcher) => matcher(action, noKeys) === true) !== given.isNegated;
}

function resourceOf(
  statement: JsonObject,
  at: string,
  kind: PolicyKind,
  hasVariables: boolean,
): Statement['matchesResource'] {
  const given = oneOf(statement, 'Resource', 'NotResource', at);
  if (kind === 'trust') {
    if (given === undefined) return () => true;
    throw malformedPolicy(`${at}.${given.name}`, 'a trust policy has no resource: it is the role.');
  }
  if (given === undefined) throw malformedPolicy(at, 'the statement has neither Resource nor NotResource.');
  const matchers = textsOf(given.value, `${at}.${given.name}`).map((pattern) => {
    if (pattern !== '*' && !/^(?:arn|\*|\$\{)/.test(pattern)) {
      throw malformedPolicy(`${at}.${given.name}`, `Resource ${pattern} must be in ARN format or "*".`);
    }
    return arnMatcher(pattern, { hasVariables });
  });
  return (resource, keys) =>
    given.isNegated
      ? matchers.every((matcher) => matcher(resource, keys) === false)
      : matchers.some((matcher) => matcher(resource, keys) === true);
}

interface Given {
  readonly name: string;
  readonly value: Json;
  readonly isNegated: boolean;
}

function oneOf(statement: JsonObject, name: string, notName: string, at: string): Given | undefined {
  const { [name]: value, [notName]: notValue } = statement;
  if (value !== undefined && notValue !== undefined) throw malformedPolicy(at, `it has both ${name} and ${notName}.`);
  if (value !== undefined) return { name, value, isNegated: false };
  return notValue === undefined ? undefined : { name: notName, value: notValue, isNegated: true };
}

function textsOf(value: Json, at: string): string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.map((each) => {
    if (typeof each !== 'string') throw malformedPolicy(at, 'it is a text or a list of texts.');
    return each;
  });
}

function noKeys(): undefined {
  return undefined;
}
