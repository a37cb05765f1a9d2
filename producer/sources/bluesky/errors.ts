/**
 * Thrown when Bluesky cannot be read and a retry is useless: an endpoint that is none, a cursor file that cannot be
 * used. The message says what is wrong and what to do.
 */
export class BlueskySourceError extends Error {
  override readonly name = 'BlueskySourceError';
}
