import { invalidInput } from './errors.ts';

/** One page of an answer, with the token of the next, if there is one. */
export interface Page<T> {
  items: T[];
  NextToken?: string;
}

/**
 * The page that a request asks for. A token is the place to go on from. Throws InvalidInputException for a token that
 * no answer gave.
 */
export function pageOf<T>(
  all: readonly T[],
  request: { NextToken?: string | undefined; MaxResults?: number | undefined },
  largest: number,
): Page<T> {
  const start = request.NextToken === undefined ? 0 : Number(Buffer.from(request.NextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalidInput('NextToken is not one of this operation.');
  const end = start + Math.min(request.MaxResults ?? largest, largest);
  return {
    items: all.slice(start, end),
    ...(end < all.length && { NextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
