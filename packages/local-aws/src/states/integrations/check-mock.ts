import type { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { Integration } from './integration.ts';
import { outputModel } from './output-models.ts';

/**
 * STRICT: required fields must be present, and fields must have the type of the API model. PRESENT: types only. NONE:
 * nothing is checked.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html}
 */
export type MockValidation = 'STRICT' | 'PRESENT' | 'NONE';

/**
 * What AWS says against a mocked result, or undefined. Fields that the model does not have are ignored, as on AWS.
 * Enumerations, lengths and ranges are not checked: the SDK's models leave them out. The texts were recorded by others
 * (LocalStack's public snapshots, test_field_validation_mode).
 */
export async function mockProblem(
  result: Json,
  integration: Integration,
  mode: MockValidation,
): Promise<string | undefined> {
  if (mode === 'NONE') return undefined;
  const problem = findProblem(result, await outputModel(integration), undefined, mode);
  return problem === undefined ? undefined : `Mock result schema validation error: ${problem}`;
}

function findProblem(
  value: Json,
  schema: NormalizedSchema,
  field: string | undefined,
  mode: MockValidation,
): string | undefined {
  const wrong = (type: string) =>
    field === undefined ? `The result must be ${type}` : `Field '${field}' must be ${type}`;
  if (schema.isDocumentSchema()) return undefined;
  if (schema.isStructSchema()) return isJsonObject(value) ? structProblem(value, schema, mode) : wrong('an object');
  if (schema.isListSchema()) return Array.isArray(value) ? firstProblem(value, schema, field, mode) : wrong('an array');
  if (schema.isMapSchema())
    return isJsonObject(value) ? firstProblem(Object.values(value), schema, field, mode) : wrong('an object');
  if (schema.isNumericSchema()) return typeof value === 'number' ? undefined : wrong('a number');
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? undefined : wrong('a boolean');
  // Timestamps and bytes are text in what Step Functions returns.
  return typeof value === 'string' ? undefined : wrong('a string');
}

function structProblem(value: JsonObject, schema: NormalizedSchema, mode: MockValidation): string | undefined {
  const missing = mode === 'STRICT' ? requiredMembers(schema).find((name) => value[name] === undefined) : undefined;
  if (missing !== undefined) return `Required field '${missing}' is missing`;
  for (const [name, member] of schema.structIterator()) {
    const found = value[name];
    // Step Functions parses the payload of a Lambda function, which is bytes in the model.
    if (found === undefined || (name === 'Payload' && member.isBlobSchema())) continue;
    const problem = findProblem(found, member, name, mode);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function firstProblem(
  values: readonly (Json | undefined)[],
  schema: NormalizedSchema,
  field: string | undefined,
  mode: MockValidation,
): string | undefined {
  for (const value of values) {
    const problem = findProblem(value ?? null, schema.getValueSchema(), field, mode);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The SDK lists the required members of a structure first, and tells their number. */
function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const structure = schema.getSchema();
  if (!Array.isArray(structure) || structure[0] !== STRUCTURE) return [];
  return structure[4].slice(0, structure[6] ?? 0);
}

const STRUCTURE = 3 satisfies StaticStructureSchema[0];
