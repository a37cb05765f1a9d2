import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * Milliseconds for which a token is good,
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html
 */
const VALID_MS = 300_000;

const envelope = z.strictObject({ kind: z.string(), issuedMs: z.number(), state: z.unknown() });

/** Makes a `NextToken` of Kinesis for an operation's own state, which is JSON. */
export function pageToken(kind: string, state: unknown, nowMs: number): string {
  return Buffer.from(JSON.stringify({ kind, issuedMs: nowMs, state })).toString('base64url');
}

/**
 * The state in a token. Throws `InvalidArgumentException` for a token of another operation, and
 * `ExpiredNextTokenException` after five minutes.
 */
export function readPageToken<T>(kind: string, token: string, schema: z.ZodType<T>, nowMs: number): T {
  const opened = envelope.safeParse(parsed(token));
  const state = schema.safeParse(opened.data?.state);
  if (opened.data?.kind !== kind || !state.success) {
    throw new AwsError('InvalidArgumentException', 'NextToken is invalid.');
  }
  if (nowMs - opened.data.issuedMs > VALID_MS) {
    throw new AwsError('ExpiredNextTokenException', 'NextToken has expired: it is good for 300 seconds.');
  }
  return state.data;
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
