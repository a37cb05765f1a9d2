import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ParameterStore } from '../../ssm/parameter-store.ts';
import { type LoadContext, resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
export const ssmParameter = resourceType({
  type: 'AWS::SSM::Parameter',
  nameProperty: 'Name',
  nameMaxLength: 1_011,
  attributes: ['Type', 'Value'],
  schema: z.strictObject({
    Name: z.string().optional(),
    Type: z.enum(['String', 'StringList']),
    Value: z.string(),
    Description: z.string().optional(),
    AllowedPattern: z.string().optional(),
    DataType: z.enum(['text', 'aws:ec2:image']).default('text'),
  }),
  inert: {
    Policies: 'parameters do not expire',
    Tags: 'tags change no behaviour',
    Tier: 'every parameter is of the standard tier',
  },
  exists: async ({ physicalName }, _properties, context) => storeOf(context).get(physicalName) !== undefined,
  async create({ physicalName }, { Type, Value, Description, AllowedPattern, DataType }, context) {
    const parameters = storeOf(context);
    const wanted = {
      name: physicalName,
      type: Type,
      value: Value,
      dataType: DataType,
      ...(Description !== undefined && { description: Description }),
      ...(AllowedPattern !== undefined && { allowedPattern: AllowedPattern }),
    };
    const { version: _, changedAtMs: __, ...known } = parameters.get(physicalName) ?? {};
    if (!isDeepStrictEqual(known, wanted)) await parameters.put(wanted, { overwrite: true });
    return { ref: physicalName, attributes: { Type, Value } };
  },
  async delete({ physicalName }, context) {
    await storeOf(context).delete(physicalName);
  },
});

function storeOf({ parameters }: LoadContext): ParameterStore {
  if (parameters === undefined) throw new Error('There is no parameter store to put a parameter into.');
  return parameters;
}
