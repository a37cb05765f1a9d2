import { z } from 'zod';
import { permissionStatement } from '../../iam/function-permission.ts';
import { functionArn } from '../../iam/resource-owners.ts';
import { resourceType } from '../resource-type.ts';

const schema = z.strictObject({
  FunctionName: z.string(),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
export const lambdaPermission = resourceType({
  type: 'AWS::Lambda::Permission',
  nameProperty: '',
  nameMaxLength: 100,
  attributes: ['Id'],
  schema,
  inert: {},
  createOnly: Object.keys(schema.shape),
  exists: async () => false,
  async create({ physicalName: id, environment }, { FunctionName, ...permission }, { access }) {
    const arn = functionArn(FunctionName, environment);
    const Statement = [permissionStatement(id, arn, permission)];
    access.putResourcePolicy(arn, { name: id, document: { Version: '2012-10-17', Statement } });
    return { ref: id, attributes: { Id: id } };
  },
  async delete({ ref, environment, properties }, { access }) {
    access.deleteResourcePolicy(
      functionArn(schema.shape.FunctionName.parse(properties.FunctionName), environment),
      ref,
    );
  },
});
