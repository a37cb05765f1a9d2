import { runSimulation } from '@cloud-copilot/iam-simulate';

import type { Call } from './call.ts';
import { administrator, deployment } from './physical.ts';
import type { Policy } from './policies.ts';

const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/**
 * IAM's answer to the call under these policies: `Allowed`, `ImplicitlyDenied` or `ExplicitlyDenied`. Throws for an
 * invalid call.
 */
export async function answer(call: Call, policies: readonly Policy[]): Promise<string> {
  const { by, action, resource, context } = call;
  const documents = (kind: Policy['kind'], on: string) =>
    policies.filter((policy) => policy.kind === kind && policy.on === on).map(({ document }) => document);
  const [resourcePolicy] = documents('resource', ownerOf(resource));
  const identityPolicies = by === administrator ? [everything] : documents('identity', by);
  const result = await runSimulation(
    {
      request: {
        action,
        principal: by
          .replace(':iam:', ':sts:')
          .replace(':role/', ':assumed-role/')
          .replace(/(assumed-role.*)/, '$1/session'),
        resource: { resource, accountId: deployment.account },
        contextVariables: { 'aws:SecureTransport': 'true', ...context },
      },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `${index}`, policy })),
      resourcePolicy,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult;
}

/** ARN of the resource with the policy: the bucket of an object, else the resource itself. */
export function ownerOf(resource: string): string {
  return resource.startsWith('arn:aws:s3:::') ? resource.replace(/\/.*$/, '') : resource;
}
