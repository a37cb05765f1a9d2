/**
 * One record for the stream. What it holds is up to the sender: bytes that are no tweet end in quarantine, they are not
 * refused here.
 */
export interface StreamRecord {
  /** 1-256 characters: the tweet's id, so that all of one tweet keeps its order, or a hash of the content. */
  readonly partitionKey: string;
  /** The raw record before base64, at least one byte. */
  readonly data: Uint8Array;
}

/** What reading a source has brought and cost so far. */
export interface SourceTally {
  /** A few words beside the progress. */
  note: string;
  /** For people, after the summary. */
  lines: readonly string[];
  /** For programs, in the summary. */
  counts: Readonly<Record<string, number>>;
}

/** A place that records come from. */
export interface Source<R extends StreamRecord = StreamRecord> {
  /** How many records will come, if that is known beforehand; for progress bars. */
  readonly total?: number;
  /** It goes on until it is told to stop, so that stopping it is no interruption. */
  readonly isEndless?: true;
  /** For a source that knows more than the number of its records. May be asked at any time. */
  tally?(): SourceTally;
  /** Reads from the start. Ends early, without an error, once the signal aborts. */
  records(signal?: AbortSignal): AsyncIterable<R> | Iterable<R>;
}

/**
 * Data and partition key of one record: 1 MiB. Streams can be configured to take more, but neither Pipes nor Firehose
 * could carry it.
 */
export const largestRecordBytes = 1_048_576;

/** Data and partition key in bytes, as Kinesis counts them. */
export function sizeOf(record: StreamRecord): number {
  return record.data.byteLength + Buffer.byteLength(record.partitionKey);
}
