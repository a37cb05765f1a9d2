import * as z from 'zod';
import { type SourceRecord, type TransformedRecord, transformationEvent } from './transformation-event.ts';

/**
 * An answer of Lambda may have 6 MB (AWS: "Lambda quotas"). A larger one would fail every record of the batch, also
 * when it is tried again.
 */
const answerBytes = 6_000_000;

/** Names and punctuation of a transformed record around its id and data. */
const envelopeBytes = 64;

/** A record that becomes no row, and why: `answer-full`, `not-processable: …` or a reason of the function. */
export interface FailedRecord {
  /** The shard's id and the sequence number, as the key of a quarantined object has them; else the record's id. */
  record: string;
  reason: string;
}

/** What became of the records of a transformation event. */
export interface Transformed {
  /** One answer for each record, in the order of the event. */
  records: TransformedRecord[];
  failed: FailedRecord[];
}

/** The row of a record, or why there is none. A reason shows nothing of what the record says. */
export type Flattened = { row: object } | { reason: string };

/**
 * Makes one row of each record. A record that `flatten` has no row of, or throws on, is `ProcessingFailed`, and the
 * rest of the batch is not affected. So is what would make the answer larger than Lambda allows. Throws TypeError when
 * the event is none of Firehose, which a retry does not change.
 */
export function transformRecords(event: unknown, flatten: (source: SourceRecord) => Flattened): Transformed {
  const parsed = transformationEvent.safeParse(event);
  if (!parsed.success) {
    throw new TypeError(`expected a transformation event of Firehose: ${z.prettifyError(parsed.error)}`);
  }
  const failed: FailedRecord[] = [];
  const sources = parsed.data.records;
  let leftBytes = answerBytes - sources.reduce((sum, { recordId }) => sum + recordId.length + envelopeBytes, 0);
  const records = sources.map((source): TransformedRecord => {
    const flattened = encode(source, flatten);
    const isRow = 'data' in flattened;
    const data = isRow ? flattened.data : source.data;
    const fits = data.length <= leftBytes;
    if (!isRow || !fits) failed.push({ record: nameOf(source), reason: isRow ? 'answer-full' : flattened.reason });
    if (fits) leftBytes -= data.length;
    return {
      recordId: source.recordId,
      result: isRow && fits ? 'Ok' : 'ProcessingFailed',
      // Without data Firehose has the record that it sent.
      ...(fits ? { data } : {}),
    };
  });
  return { records, failed };
}

/** The row in base64, or why there is none. */
function encode(
  source: SourceRecord,
  flatten: (source: SourceRecord) => Flattened,
): { data: string } | { reason: string } {
  try {
    const flattened = flatten(source);
    if (!('row' in flattened)) return flattened;
    return { data: Buffer.from(`${JSON.stringify(flattened.row)}\n`).toString('base64') };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The stack has an end, and lists within lists do not. Other messages may quote the record.
    return { reason: `not-processable: ${error instanceof RangeError ? error.message : error.name}` };
  }
}

function nameOf({ recordId, kinesisRecordMetadata: metadata }: SourceRecord): string {
  return metadata === undefined ? recordId : `${metadata.shardId}/${metadata.sequenceNumber}`;
}
