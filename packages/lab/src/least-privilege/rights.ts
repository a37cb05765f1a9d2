import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/** A role with its own policies, as IAM's API gives them. */
export interface RoleWithPolicies {
  readonly name: string;
  readonly arn: string;
  readonly trust: JsonObject;
  readonly policies: readonly { readonly name: string; readonly document: JsonObject }[];
}

/** What can be taken from a role alone: a statement, or one of the actions or resources of a statement. */
export interface Right {
  readonly roleName: string;
  readonly policyName: string;
  /** `statement 2`, `action sqs:SendMessage of statement 2`: for people. */
  readonly what: string;
  readonly kind: 'statement' | 'action' | 'resource';
  /** Of the statement, or the one action or resource that can be taken. */
  readonly values: readonly string[];
  /** The policy without it. Undefined: no statement is left. */
  readonly without: JsonObject | undefined;
}

/**
 * Every right of a role. A statement's only action or resource is the statement itself, and a statement that denies is
 * no right.
 */
export function rightsOf({ name: roleName, policies }: RoleWithPolicies): Right[] {
  return policies.flatMap(({ name: policyName, document }) => {
    const statements = listOf(document.Statement).filter(isJsonObject);
    return statements.flatMap((statement, index) => {
      if (statement.Effect !== 'Allow') return [];
      const withOthers = (by: readonly JsonObject[]): JsonObject | undefined => {
        const Statement = statements.toSpliced(index, 1, ...by);
        return Statement.length === 0 ? undefined : { ...document, Statement };
      };
      const place = `statement ${index + 1}`;
      const whole: Right = {
        ...{ roleName, policyName, what: place, kind: 'statement', values: textsOf(statement.Action) },
        without: withOthers([]),
      };
      const partsOf = (kind: 'action' | 'resource', key: 'Action' | 'Resource'): Right[] => {
        const values = textsOf(statement[key]);
        if (values.length < 2) return [];
        return values.map((value) => ({
          ...{ roleName, policyName, what: `${kind} ${value} of ${place}`, kind, values: [value] },
          without: withOthers([{ ...statement, [key]: values.filter((other) => other !== value) }]),
        }));
      };
      return [whole, ...partsOf('action', 'Action'), ...partsOf('resource', 'Resource')];
    });
  });
}

/** Names of the roles whose name contains a text. Throws CliError if none does. */
export function rolesWith(roles: readonly RoleWithPolicies[], text: string): Set<string> {
  const names = roles.map(({ name }) => name);
  const chosen = names.filter((name) => name.includes(text));
  if (chosen.length === 0) {
    throw new CliError(`No role has ${JSON.stringify(text)} in its name. There are ${names.join(', ')}.`);
  }
  return new Set(chosen);
}

/** The services that may take a role: `pipes.amazonaws.com`. */
export function principalsOf({ trust }: RoleWithPolicies): string[] {
  return listOf(trust.Statement)
    .filter(isJsonObject)
    .flatMap(({ Principal }) => (Principal !== undefined && isJsonObject(Principal) ? textsOf(Principal.Service) : []));
}

function textsOf(value: Json | undefined): string[] {
  return listOf(value).filter((each) => typeof each === 'string');
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
