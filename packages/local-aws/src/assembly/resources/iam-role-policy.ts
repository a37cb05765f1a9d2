import { z } from 'zod';
import { attachInline, detachInline } from '../../iam/attachments.ts';
import { resourceType } from '../resource-type.ts';
import { policyDocument } from './policy-schema.ts';

const schema = z.strictObject({
  PolicyName: z.string(),
  RoleName: z.string(),
  PolicyDocument: policyDocument('identity'),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html */
export const iamRolePolicy = resourceType({
  type: 'AWS::IAM::RolePolicy',
  nameProperty: 'PolicyName',
  nameMaxLength: 128,
  attributes: [],
  schema,
  inert: {},
  createOnly: ['RoleName'],
  exists: async () => false,
  async create({ physicalName }, { PolicyName: name, RoleName, PolicyDocument: document }, { access }) {
    attachInline(access, RoleName, { name, document });
    return { ref: physicalName, attributes: {} };
  },
  async delete({ properties }, { access }) {
    const { PolicyName, RoleName } = schema.omit({ PolicyDocument: true }).loose().parse(properties);
    detachInline(access, RoleName, PolicyName);
  },
});
