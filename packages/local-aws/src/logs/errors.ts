import type { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/** Not retryable. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** Not retryable. */
export function noSuchGroup(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

/** Not retryable. */
export function noSuchStream(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

/** Not retryable. */
export function alreadyExists(what: 'log group' | 'log stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

/** Of a log group or a stream of one. The code is one that DeleteLogGroup documents; AWS's text is not documented. */
export function isProtected(logGroupName: string): AwsError {
  const message = `Log group ${logGroupName} is protected from deletion. Set deletionProtectionEnabled to false first.`;
  return new AwsError('ValidationException', message);
}

/** Parses an input. Throws InvalidParameterException that names each wrong member. */
export function parseInput<T>(schema: z.ZodType<T>, input: Record<string, unknown>): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const problems = issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')} is not supported by the local CloudWatch Logs`
      : issue.path.length > 0
        ? `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${issue.message}`
        : issue.message,
  );
  throw invalidParameter(
    `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  );
}
