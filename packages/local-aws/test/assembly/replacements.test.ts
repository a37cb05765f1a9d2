import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { supportedResourceTypes } from '../../src/assembly/support.ts';

type PropertyType = { type: string; element?: PropertyType | undefined; reference?: { $ref: string } | undefined };
const propertyType: z.ZodType<PropertyType> = z.lazy(() =>
  z.object({
    type: z.string(),
    element: propertyType.optional(),
    reference: z.object({ $ref: z.string() }).optional(),
  }),
);
const properties = z.record(
  z.string(),
  z.object({ type: propertyType, causesReplacement: z.enum(['yes', 'no', 'maybe']).default('no') }),
);
type Properties = z.infer<typeof properties>;

/**
 * AWS's registry of resource types, of which the CDK CLI brings a copy for `cdk diff`. `causesReplacement` comes from
 * `createOnlyProperties` of the schemas:
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 */
const registry = z
  .object({
    schema: z.object({
      resource: z.object({ entities: z.array(z.looseObject({ cloudFormationType: z.string() })) }),
      typeDefinition: z.object({ entities: z.array(z.looseObject({ $id: z.string() })) }),
    }),
  })
  .parse(
    JSON.parse(
      gunzipSync(readFileSync(new URL('../../../../node_modules/aws-cdk/db.json.gz', import.meta.url))).toString(
        'utf8',
      ),
    ),
  ).schema;
const resources = new Map(registry.resource.entities.map((each) => [each.cloudFormationType, each.properties]));
const definitions = new Map(registry.typeDefinition.entities.map((each) => [each.$id, each.properties]));

/** Where the template reference says more than the registry. */
const beyondTheRegistry: Readonly<Record<string, { path: string; source: string }[]>> = {
  'AWS::DynamoDB::Table': [
    // "Update requires: Replacement"
    {
      path: 'LocalSecondaryIndexes',
      source:
        'https://github.com/awsdocs/aws-cloudformation-user-guide/blob/main/doc_source/aws-resource-dynamodb-table.md',
    },
  ],
};

/** The paths of a type that replace it, without those in others. `[]` never is in one. */
function replacingPaths(given: unknown, above = ''): string[] {
  return Object.entries(parsed(given)).flatMap(([name, { type, causesReplacement }]) => {
    const path = `${above}${name}`;
    if (causesReplacement === 'yes') return [path];
    const definition = type.reference && definitions.get(type.reference.$ref);
    return definition === undefined || above.split('.').length > 3 ? [] : replacingPaths(definition, `${path}.`);
  });
}

function parsed(given: unknown): Properties {
  return properties.parse(given);
}

/** Whether the runtime honours a path or something below it. */
const isHonoured = (honoured: readonly string[], path: string): boolean =>
  honoured.some((each) => each === path || each.startsWith(`${path}.`) || each.startsWith(`${path}[]`));

/** Names that AWS changes in place and that a stack here replaces, which comes to the same. */
const replacedNames = ['PolicyName of AWS::IAM::Policy'];

describe('what replaces a resource', () => {
  it.each(supportedResourceTypes)('is what AWS says of $type', ({ type, createOnly, nameProperty, honoured }) => {
    const expected = [
      ...replacingPaths(resources.get(type)),
      ...(beyondTheRegistry[type] ?? []).map(({ path }) => path),
    ].filter((path) => isHonoured(honoured, path));
    const names = nameProperty === '' || replacedNames.includes(`${nameProperty} of ${type}`) ? [] : [nameProperty];
    expect([...new Set([...createOnly, ...names])].sort()).toEqual([...new Set(expected)].sort());
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
  it.each<[string, string, JsonObject, JsonObject, boolean]>([
    [
      'AWS::DynamoDB::Table',
      'another type of an attribute',
      { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [] },
      { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }], KeySchema: [] },
      true,
    ],
    [
      'AWS::DynamoDB::Table',
      'another attribute',
      { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [] },
      {
        AttributeDefinitions: [
          { AttributeName: 'at', AttributeType: 'N' },
          { AttributeName: 'id', AttributeType: 'S' },
        ],
        KeySchema: [],
      },
      false,
    ],
  ])('depends on more than a path in %s: %s', (name, _change, before, after, replaces) => {
    const found = supportedResourceTypes.find(({ type }) => type === name);
    expect(found?.replaces(before, after)).toBe(replaces);
  });

  it('reads a registry that has each type', () => {
    const types = supportedResourceTypes.map(({ type }) => type);
    expect(types.filter((type) => !isJsonObject(resources.get(type)))).toEqual([]);
  });
});
