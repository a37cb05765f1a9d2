import { z } from 'zod';
import type { ResourceType } from '../assembly/resource-type.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/local-service.ts';
import { parseInput, text } from './input.ts';
import { validationError } from './validation-error.ts';

const describeInput = z.strictObject({
  Type: z.literal('RESOURCE').default('RESOURCE'),
  TypeName: text.optional(),
  Arn: text.optional(),
});

/** The operations about types of resources. */
export function typeOperations(types: ReadonlyMap<string, ResourceType>): Readonly<Record<string, Operation>> {
  return {
    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeType.html: the schema has the
     * properties that are known here, by name. The CDK asks it which changes are replacements.
     */
    DescribeType: async (input, { region }) => {
      const { TypeName, Arn } = parseInput(describeInput, input);
      const name = TypeName ?? Arn?.replace(/^.*\//, '').replaceAll('-', '::');
      if (name === undefined) throw validationError('Specify TypeName or Arn.');
      const type = types.get(name);
      if (type === undefined) {
        throw new AwsError('TypeNotFoundException', `The type '${name}' cannot be found.`, { statusCode: 404 });
      }
      return {
        Arn: `arn:aws:cloudformation:${region}::type/resource/${type.type.replaceAll('::', '-')}`,
        ...{ Type: 'RESOURCE', TypeName: type.type, Visibility: 'PUBLIC', ProvisioningType: 'FULLY_MUTABLE' },
        Schema: JSON.stringify(schemaOf(type)),
      };
    },
  };
}

/** https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html */
function schemaOf(type: ResourceType): object {
  if (type.handling === 'inert') return { typeName: type.type, properties: {} };
  const { nameProperty, createOnly, attributes, honoured, inert } = type;
  const names = [...honoured, ...Object.keys(inert)].map((path) => path.replace(/[.[].*$/, ''));
  const pointer = (path: string) => `/properties/${path.replaceAll('.', '/')}`;
  return {
    typeName: type.type,
    properties: Object.fromEntries([...new Set(names)].sort().map((name) => [name, {}])),
    createOnlyProperties: [...(nameProperty === '' ? [] : [nameProperty]), ...createOnly].map(pointer),
    readOnlyProperties: attributes.map(pointer),
  };
}
