/**
 * Thrown when X cannot be read, or not any more, and no retry cures it: credentials, access level, rules, credits, a
 * second connection. The message says what is wrong and what to do. It never holds a secret, and has no `cause`: the
 * library's errors carry the request with its token.
 */
export class TwitterSourceError extends Error {
  override readonly name = 'TwitterSourceError';
}
