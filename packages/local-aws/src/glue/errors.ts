import type { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/** https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-exceptions.html. Not retryable. */
export function notFound(what: string): AwsError {
  return new AwsError('EntityNotFoundException', `${what} not found.`);
}

/** Not retryable. */
export function alreadyExists(what: string): AwsError {
  return new AwsError('AlreadyExistsException', `${what} already exists.`);
}

/** Not retryable. */
export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

/** Parses an operation's input. Throws InvalidInputException with the path of each member that does not fit. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(
    parsed.error.issues
      .map((issue) => {
        const path = issue.path.map(String);
        return issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `${[...path, key].join('.')}: not supported by the local Glue`).join('; ')
          : `${path.join('.')}: ${issue.message}`;
      })
      .join('; '),
  );
}
