import type { JsonObject } from '@tweet-pipes/kit/json';

/** What became of a record: only one that was lost is worth another attempt. */
export type SettledAs = 'sent' | 'lost' | 'oversized';

/** A record for the stream. Its data is not validated here: the workflow puts what is no tweet into quarantine. */
export interface StreamRecord {
  /** 1-256 characters: the tweet's id, so that records of one tweet keep their order, or a hash of the data. */
  readonly partitionKey: string;
  /** At least one byte, not base64. */
  readonly data: Uint8Array;
  /** Where a record comes from that is too large to be sent, such as file and line. */
  readonly place?: string;
  /** For a source that wants to know. Called once, by the writer; never for a record that the writer did not take. */
  onSettled?(settledAs: SettledAs): void;
}

/** What a source knows of its reading so far. */
export interface SourceTally {
  /** A few words to show beside the progress. */
  note: string;
  /** Lines of text to print after the summary. */
  lines: readonly string[];
  /** Lines about what could not be read. They are printed also when no summary is; with any, the exit code is 2. */
  problems?: readonly string[];
  /** How each field of the first record was found, for a dry run. */
  firstRecord?: readonly string[];
  /** Members of the JSON summary. */
  counts: JsonObject;
}

/** Something that records are read from. */
export interface Source<R extends StreamRecord = StreamRecord> {
  /** Number of records, if known beforehand; for progress bars. */
  readonly total?: number;
  /** It never ends by itself, so stopping it is not an interruption. */
  readonly isEndless?: true;
  /** Its records are in the form to be sent: they are not made compact any more. */
  readonly isFinal?: true;
  /** For a source that knows more than the number of its records. May be called at any time. */
  tally?(): SourceTally;
  /** Reads from the start. Ends early, without an error, once the signal aborts. */
  records(signal?: AbortSignal): AsyncIterable<R> | Iterable<R>;
}

/**
 * Maximum size of data and partition key: 1 MiB. Streams can be configured to accept more, but Pipes and Firehose
 * cannot.
 */
export const largestRecordBytes = 1_048_576;

/** Data and partition key in bytes, as Kinesis counts them. */
export function sizeOf(record: StreamRecord): number {
  return record.data.byteLength + Buffer.byteLength(record.partitionKey);
}
