import { z } from 'zod';
import { attachInline, detachInline } from '../../iam/attachments.ts';
import { resourceType } from '../resource-type.ts';
import { policyDocument } from './policy-schema.ts';

const schema = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: policyDocument('identity'),
  Roles: z.array(z.string()).default([]),
});

/**
 * A policy of one or several roles. Users and groups do not exist here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
export const iamPolicy = resourceType({
  type: 'AWS::IAM::Policy',
  nameProperty: 'PolicyName',
  nameMaxLength: 128,
  attributes: [],
  schema,
  inert: {},
  exists: async () => false,
  async create({ physicalName }, { PolicyName: name, PolicyDocument: document, Roles }, { access }) {
    for (const role of Roles) attachInline(access, role, { name, document });
    return { ref: physicalName, attributes: {} };
  },
  async update({ ref, attributes, properties }, { PolicyName: name, PolicyDocument: document, Roles }, { access }) {
    for (const role of Roles) attachInline(access, role, { name, document });
    const former = schema.shape.Roles.parse(properties.Roles);
    for (const role of former) if (!Roles.includes(role)) detachInline(access, role, name);
    return { ref, attributes };
  },
  async delete({ properties }, { access }) {
    const { PolicyName, Roles } = schema.omit({ PolicyDocument: true }).loose().parse(properties);
    for (const role of Roles) detachInline(access, role, PolicyName);
  },
});
