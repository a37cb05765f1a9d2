/** The outcome: each record that was read is sent, lost or oversized. */
export interface WriteSummary {
  /** Records in the stream. */
  sent: number;
  /** Bytes of their data. */
  bytes: number;
  /** Second and later attempts, over all records. */
  retried: number;
  /** Of these, attempts after throttling. */
  throttled: number;
  lost: number;
  oversized: number;
  seconds: number;
  /** True when the signal or an outage ended it before the source was read completely. */
  isAborted: boolean;
  /** Why the writer gave up a stream that did not answer. The records that were read by then are sent or lost. */
  givenUp?: string;
  /** The error of the source, if it failed. The records before it are written. */
  sourceError?: unknown;
}

/**
 * Thrown when writing cannot continue: no such stream, no access, no credentials. `cause` is the service's error,
 * `summary` counts what was written before.
 */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  readonly summary: WriteSummary;

  constructor(sink: string, summary: WriteSummary, cause: unknown) {
    super(`Cannot write to the ${sink}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.summary = summary;
  }
}
