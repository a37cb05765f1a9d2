import { z } from 'zod';
import type { AccessControl } from '../../iam/access-control.ts';
import { attachManaged, detachManaged } from '../../iam/attachments.ts';
import { iamArn, iamPath } from '../../iam/iam-arn.ts';
import { type CreatedResource, type Environment, resourceType } from '../resource-type.ts';
import { policyDocument } from './policy-schema.ts';

const schema = z.strictObject({
  ManagedPolicyName: z.string().optional(),
  Description: z.string().optional(),
  Path: iamPath.default('/'),
  PolicyDocument: policyDocument('identity'),
  Roles: z.array(z.string()).default([]),
});

/**
 * Users and groups do not exist here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
 */
export const iamManagedPolicy = resourceType({
  type: 'AWS::IAM::ManagedPolicy',
  nameProperty: 'ManagedPolicyName',
  nameMaxLength: 128,
  attributes: ['PolicyArn'],
  schema,
  inert: {},
  createOnly: ['Description', 'Path'],
  async create({ physicalName, environment }, properties, { access }) {
    return put(arnOf(environment, properties.Path, physicalName), properties, access);
  },
  exists: async ({ physicalName, environment }, { Path }, { access }) =>
    access.managedPolicy(arnOf(environment, Path, physicalName)) !== undefined,
  async update({ ref: arn, properties: { Roles: former } }, properties, { access }) {
    const updated = put(arn, properties, access);
    for (const role of schema.shape.Roles.parse(former)) {
      if (!properties.Roles.includes(role)) detachManaged(access, role, arn);
    }
    return updated;
  },
  async delete({ ref: arn, properties }, { access }) {
    for (const role of schema.shape.Roles.parse(properties.Roles)) detachManaged(access, role, arn);
    access.deleteManagedPolicy(arn);
  },
});

function put(
  arn: string,
  { Description, PolicyDocument: document, Roles }: z.infer<typeof schema>,
  access: AccessControl,
): CreatedResource {
  access.putManagedPolicy({ arn, document, ...(Description !== undefined && { description: Description }) });
  for (const role of Roles) attachManaged(access, role, arn);
  return { ref: arn, attributes: { PolicyArn: arn } };
}

function arnOf({ partition, accountId }: Environment, path: string, name: string): string {
  return iamArn({ partition, accountId, kind: 'policy', path, name });
}
