import { z } from 'zod';
import type { Operation } from '../../gateway/local-service.ts';
import type { AccessControl, ContextKeys } from '../access-control.ts';
import { existingRole } from '../attachments.ts';
import { roleNameOf } from '../role-names.ts';
import { noSuchEntity, parseInput } from './input.ts';

const SESSION = 'simulation';

const schema = z.strictObject({
  PolicySourceArn: z.string(),
  ActionNames: z.array(z.string()).min(1),
  ResourceArns: z.array(z.string()).default(['*']),
  ContextEntries: z
    .array(
      z.looseObject({
        ContextKeyName: z.string(),
        ContextKeyValues: z.array(z.string()),
        ContextKeyType: z.string().optional(),
      }),
    )
    .default([]),
});

/**
 * What a role may do, with the policies of the resources too.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function simulatePrincipalPolicy(access: AccessControl): Operation {
  return async (input) => {
    const { PolicySourceArn, ActionNames, ResourceArns, ContextEntries } = parseInput(schema, input);
    const roleName = roleNameOf(PolicySourceArn);
    if (roleName === undefined)
      throw noSuchEntity(`${PolicySourceArn} is not the ARN of a role. There are no users here.`);
    existingRole(access, roleName);
    const context: ContextKeys = Object.fromEntries(ContextEntries.map(contextKey));
    const caller = { kind: 'role', roleName, sessionName: SESSION, isWorker: false } as const;
    return {
      EvaluationResults: ActionNames.flatMap((action) =>
        ResourceArns.map((resource) => {
          const decision = access.decide(caller, { action, resource, context });
          return {
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: decision.isAllowed ? 'allowed' : decision.denied.isExplicit ? 'explicitDeny' : 'implicitDeny',
            MatchedStatements: [],
            MissingContextValues: [],
          };
        }),
      ),
      IsTruncated: false,
    };
  };
}

/** A list is what its type says it is: `stringList`. */
function contextKey(entry: z.infer<typeof schema>['ContextEntries'][number]): [string, string | readonly string[]] {
  const { ContextKeyName, ContextKeyValues, ContextKeyType = 'string' } = entry;
  const [first = ''] = ContextKeyValues;
  return [ContextKeyName, ContextKeyType.endsWith('List') ? ContextKeyValues : first];
}
