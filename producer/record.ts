/** One record for the stream. What it holds is up to the sender: bytes that are no tweet end in quarantine, they are not refused here. */
export interface StreamRecord {
  /** 1-256 characters: the tweet's id, so that all of one tweet keeps its order, or a hash of the content. */
  readonly partitionKey: string;
  /** The raw record before base64, at least one byte. */
  readonly data: Uint8Array;
}

/** A place that records come from. */
export interface Source<R extends StreamRecord = StreamRecord> {
  /** How many records will come, if that is known beforehand; for progress bars. */
  readonly total?: number;
  /** Reads from the start. Ends early, without an error, once the signal aborts. */
  records(signal?: AbortSignal): AsyncIterable<R> | Iterable<R>;
}
