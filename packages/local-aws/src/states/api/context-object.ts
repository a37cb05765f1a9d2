import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { parseBoundedJson } from '../../bounded-json.ts';
import { AwsError } from '../../gateway/aws-error.ts';

const text = z.string().optional();
const contextObject = z.strictObject({
  Execution: z
    .strictObject({
      Id: text,
      Input: z.unknown().optional(),
      Name: text,
      RoleArn: text,
      StartTime: text,
      RedriveCount: z.int().optional(),
      RedriveTime: text,
    })
    .optional(),
  State: z.strictObject({ EnteredTime: text, Name: text, RetryCount: z.int().optional() }).optional(),
  StateMachine: z.strictObject({ Id: text, Name: text }).optional(),
});

/** The names of types in AWS's texts, by zod's. */
const TYPES: Readonly<Record<string, string>> = { string: 'a string', int: 'an integer', object: 'an object' };

/**
 * Parses the context object of TestState. Throws `ValidationException` in AWS's words, as recorded by others
 * (LocalStack's public snapshots, test_state_context_object).
 */
export function parseContextObject(json: string): JsonObject {
  const value = parseJson(json);
  if ('Map' in value) throw invalid("'Map' field is not supported when mocking a Context object");
  if ('Task' in value) {
    throw invalid(
      "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
    );
  }
  const { error } = contextObject.safeParse(value);
  if (error !== undefined) throw invalid(problemOf(error));
  return value;
}

function parseJson(json: string): JsonObject {
  let value: unknown;
  try {
    value = parseBoundedJson(json);
  } catch (cause) {
    throw invalid('Context object must be valid JSON', cause);
  }
  if (isJsonObject(value)) return value;
  throw invalid('Context object must be a JSON object');
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'unrecognized_keys') return `Field '${issue.keys[0]}' is not allowed`;
  const path = issue?.path.join('.');
  return issue?.code === 'invalid_type' ? `${path} must be ${TYPES[issue.expected]}` : `${path}: ${issue?.message}`;
}

function invalid(problem: string, cause?: unknown): AwsError {
  return new AwsError('ValidationException', `Invalid Context object provided: ${problem}`, { cause });
}
