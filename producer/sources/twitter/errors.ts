/**
 * Thrown when X cannot be read and a retry is useless: credentials, access level, rules, credits, a second connection.
 * The message says what is wrong and what to do. It contains no secret, and has no `cause`, since the library's errors
 * hold the request with its token.
 */
export class TwitterSourceError extends Error {
  override readonly name = 'TwitterSourceError';
}
