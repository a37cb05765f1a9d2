import type { Json } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { parseBoundedJson } from '../../bounded-json.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import { PAYLOAD_BYTES } from '../payload-size.ts';

const NAME_CHARACTERS = 80;
const DEFINITION_CHARACTERS = 1_048_576;
// White space, wildcards, brackets, and what AWS calls special and control characters.
const FORBIDDEN_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\ufffe\uffff]/u;

const name = z.string().min(1).max(NAME_CHARACTERS);
const arn = z.string().min(1).max(256);

const tagKey = z.string().min(1).max(128);
const tags = z.array(z.strictObject({ key: tagKey, value: z.string().max(256) })).max(50);

/**
 * The input of CreateStateMachine. Every other member is refused.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html}
 */
export const createStateMachineInput = z.strictObject({
  name,
  definition: z.string().min(1).max(DEFINITION_CHARACTERS),
  roleArn: arn,
  type: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  loggingConfiguration: z
    .strictObject({
      level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).default('OFF'),
      includeExecutionData: z.boolean().default(false),
      destinations: z
        .array(
          z.strictObject({ cloudWatchLogsLogGroup: z.strictObject({ logGroupArn: z.string().optional() }).optional() }),
        )
        .optional(),
    })
    .prefault({}),
  tracingConfiguration: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
  tags: tags.default([]),
});
export type CreateStateMachineInput = z.infer<typeof createStateMachineInput>;

/**
 * The input of UpdateStateMachine, without versions and customer keys.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html}
 */
export const updateStateMachineInput = z.strictObject({
  stateMachineArn: arn,
  definition: createStateMachineInput.shape.definition.optional(),
  roleArn: arn.optional(),
  loggingConfiguration: createStateMachineInput.shape.loggingConfiguration.unwrap().optional(),
  tracingConfiguration: createStateMachineInput.shape.tracingConfiguration.unwrap().optional(),
});
export type UpdateStateMachineInput = z.infer<typeof updateStateMachineInput>;

/**
 * The input of ValidateStateMachineDefinition.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html}
 */
export const validateDefinitionInput = z.strictObject({
  definition: createStateMachineInput.shape.definition,
  type: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  severity: z.enum(['ERROR', 'WARNING']).default('ERROR'),
  maxResults: z.int().min(0).max(100).default(0),
});

const distributedOnly = z
  .undefined({ error: 'belongs to the Distributed mode of Map, which the local runtime does not support' })
  .optional();

/**
 * The input of TestState.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html}
 */
export const testStateInput = z.strictObject({
  definition: createStateMachineInput.shape.definition,
  stateName: name.optional(),
  roleArn: arn.optional(),
  input: z.string().default('{}'),
  inspectionLevel: z.enum(['INFO', 'DEBUG', 'TRACE']).default('INFO'),
  revealSecrets: z.boolean().default(false),
  variables: z.string().optional(),
  context: z.string().optional(),
  mock: z
    .strictObject({
      result: z.string().max(PAYLOAD_BYTES).optional(),
      errorOutput: z.strictObject({ error: z.string().max(256), cause: z.string().max(32_768).optional() }).optional(),
      fieldValidationMode: z.enum(['STRICT', 'PRESENT', 'NONE']).default('STRICT'),
    })
    .optional(),
  stateConfiguration: z
    .strictObject({
      retrierRetryCount: z.int().min(0).optional(),
      errorCausedByState: name.optional(),
      mapIterationFailureCount: distributedOnly,
      mapItemReaderData: distributedOnly,
    })
    .prefault({}),
});
export type TestStateInput = z.infer<typeof testStateInput>;

export const stateMachineInput = z.strictObject({ stateMachineArn: arn });
export const resourceInput = z.strictObject({ resourceArn: arn });
/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html */
export const tagResourceInput = z.strictObject({ resourceArn: arn, tags });
export const untagResourceInput = z.strictObject({ resourceArn: arn, tagKeys: z.array(tagKey) });
export const listStateMachinesInput = z.strictObject({
  maxResults: z.int().min(0).max(1_000).default(0),
  nextToken: z.string().min(1).optional(),
});
export const startExecutionInput = z.strictObject({
  stateMachineArn: arn,
  name: name.optional(),
  input: z.string().default('{}'),
  traceHeader: z.string().max(256).optional(),
});
export const startSyncExecutionInput = startExecutionInput.extend({
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).default('ALL_DATA'),
});
/** For operations that always fail: only the ARN is read. */
export const executionInput = z.looseObject({ executionArn: arn });
export const listExecutionsInput = z.looseObject({ stateMachineArn: arn });

/** Parses an input. Throws `ValidationException` that names each wrong member and its problem. */
export function parseInput<T extends z.ZodType>(schema: T, input: Record<string, unknown>): z.infer<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const problems = issues.map((issue) =>
    issue.path.length > 0 ? `at '${issue.path.join('.')}': ${issue.message}` : issue.message,
  );
  throw new AwsError(
    'ValidationException',
    `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  );
}

/** Throws `InvalidName` for a name with a forbidden character. */
export function checkName(text: string): void {
  if (FORBIDDEN_IN_NAMES.test(text)) throw new AwsError('InvalidName', `Invalid Name: '${text}'`);
}

/** The input of an execution, and the bytes of its text in UTF-8. */
export interface ExecutionInput {
  value: Json;
  bytes: number;
}

/**
 * Parses an execution's input. Throws `ValidationException` over 256 KiB, `InvalidExecutionInput` if it is not JSON.
 */
export function parseExecutionInput(text: string): ExecutionInput {
  const bytes = Buffer.byteLength(text);
  if (bytes > PAYLOAD_BYTES) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: at 'input': Member must have at most ${PAYLOAD_BYTES} bytes, but has ${bytes}`,
    );
  }
  if (text.trim() === '') throw invalidExecutionInput('Invalid execution input.');
  try {
    return { value: parseBoundedJson(text), bytes };
  } catch (error) {
    throw invalidExecutionInput(error instanceof Error ? error.message : String(error));
  }
}

function invalidExecutionInput(detail: string): AwsError {
  return new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${detail}'`);
}
