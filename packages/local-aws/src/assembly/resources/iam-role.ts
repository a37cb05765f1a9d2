import { z } from 'zod';
import { iamArn, iamPath } from '../../iam/iam-arn.ts';
import { uniqueId } from '../../iam/role-names.ts';
import { type CreatedResource, type LoadContext, type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnInteger } from '../values.ts';
import { managedPolicyArn, policyDocument } from './policy-schema.ts';

const schema = z.strictObject({
  RoleName: z.string().optional(),
  Description: z.string().optional(),
  Path: iamPath.default('/'),
  MaxSessionDuration: cfnInteger.optional(),
  PermissionsBoundary: managedPolicyArn.optional(),
  AssumeRolePolicyDocument: policyDocument('trust'),
  ManagedPolicyArns: z.array(managedPolicyArn).default([]),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument('identity') })).default([]),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
export const iamRole = resourceType({
  type: 'AWS::IAM::Role',
  nameProperty: 'RoleName',
  nameMaxLength: 64,
  attributes: ['Arn', 'RoleId'],
  schema,
  inert: { Tags: 'tags change no behaviour: there are no aws:PrincipalTag keys' },
  createOnly: ['Path'],
  create: async (identity, properties, context) => putRole(identity, properties, context, []),
  exists: async ({ physicalName }, _properties, { access }) => access.role(physicalName) !== undefined,
  update: async (existing, properties, context) =>
    putRole(existing, properties, context, schema.shape.Policies.parse(existing.properties.Policies)),
  async delete({ physicalName }, { access }) {
    access.deleteRole(physicalName);
  },
});

/** Policies that other resources have given the role stay: all but its own of before, `former`, and of now. */
function putRole(
  { physicalName: name, environment: { partition, accountId } }: ResourceIdentity,
  properties: z.infer<typeof schema>,
  { access, clock }: LoadContext,
  former: z.infer<typeof schema>['Policies'],
): CreatedResource {
  const { Policies, Description, MaxSessionDuration, PermissionsBoundary } = properties;
  const own = Policies.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, document: PolicyDocument }));
  const replaced = new Set([...former, ...Policies].map(({ PolicyName }) => PolicyName));
  const existing = access.role(name);
  const others = (existing?.inline ?? []).filter((policy) => !replaced.has(policy.name));
  const arn = iamArn({ partition, accountId, kind: 'role', path: properties.Path, name });
  access.putRole({
    name,
    arn,
    trust: properties.AssumeRolePolicyDocument,
    inline: [...own, ...others],
    managed: properties.ManagedPolicyArns,
    ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }),
    ...(Description !== undefined && { description: Description }),
    ...(MaxSessionDuration !== undefined && { maxSessionSeconds: MaxSessionDuration }),
    createdAtMs: existing?.createdAtMs ?? clock.now(),
  });
  return { ref: name, attributes: { Arn: arn, RoleId: uniqueId('AROA', name) } };
}
