import type { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_InvalidRequestException.html. Not retryable. */
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

/** Parses an operation's input. Throws InvalidRequestException with the path of each member that does not fit. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidRequest(
    parsed.error.issues
      .map((issue) => {
        const path = issue.path.map(String);
        return issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `${[...path, key].join('.')}: not supported by the local Athena`).join('; ')
          : `${path.join('.')}: ${issue.message}`;
      })
      .join('; '),
  );
}

/** The page of a list that a request asks for; a token is the place to go on from. Throws InvalidRequestException. */
export function pageOf<T>(
  all: readonly T[],
  request: { NextToken?: string | undefined; MaxResults?: number | undefined },
): { items: T[]; NextToken?: string } {
  const start = offsetOf(request.NextToken);
  const end = start + (request.MaxResults || 50);
  return { items: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}

/** The place in a list that a token names; without one, its start. Throws InvalidRequestException. */
export function offsetOf(token: string | undefined): number {
  const offset = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(offset) || offset < 0) throw invalidRequest('NextToken is not one of this operation.');
  return offset;
}
