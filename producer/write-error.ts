/** What became of the records that were read: each is sent, lost or oversized. */
export interface WriteSummary {
  /** Records that the stream has. */
  sent: number;
  /** Bytes of data in them. */
  bytes: number;
  /** Second and later attempts, over all records. */
  retried: number;
  /** Of these, the ones after a refusal for throughput. */
  throttled: number;
  lost: number;
  oversized: number;
  seconds: number;
  /** True when the signal ended it before the source did. */
  isAborted: boolean;
  /** The source's own error, when it broke off; what it gave before is written. */
  sourceError?: unknown;
}

/**
 * Thrown when writing cannot go on: no such stream, no access, no credentials. `cause` is the service's error,
 * `summary` what was written before.
 */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  readonly summary: WriteSummary;

  constructor(streamName: string, summary: WriteSummary, cause: unknown) {
    super(`Cannot write to the stream ${streamName}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.summary = summary;
  }
}
