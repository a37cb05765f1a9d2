import { parseBody } from '@tweet-pipes/kit/parse-body';
import * as z from 'zod';
import { judgeRecord } from './judge-record.ts';
import { type SourceRecord, type TransformedRecord, transformationEvent } from './transformation-event.ts';
import { tweetRow } from './tweet-row.ts';

/**
 * An answer of Lambda may have 6 MB (AWS: "Lambda quotas"). A larger one would fail every record of the batch, also
 * when it is tried again.
 */
const answerBytes = 6_000_000;

/** Names and punctuation of a transformed record around its id and data. */
const envelopeBytes = 64;

/** A record that becomes no row, and why: `answer-full` or a reason of docs/records.md, "Quarantine". */
export interface FailedRecord {
  /** The shard's id and the sequence number, as the key of a quarantined object has them; else the record's id. */
  record: string;
  reason: string;
}

/** What became of the records of a transformation event. */
export interface Flattened {
  /** One answer for each record, in the order of the event. */
  records: TransformedRecord[];
  failed: FailedRecord[];
}

/**
 * Makes one flat row of each record that is a tweet or a delete notice. Any other one is `ProcessingFailed`, and the
 * rest of the batch is not affected. So is what would make the answer larger than Lambda allows. Throws TypeError when
 * the event is none of Firehose, which a retry does not change.
 */
export function flattenTweets(event: unknown): Flattened {
  const parsed = transformationEvent.safeParse(event);
  if (!parsed.success) {
    throw new TypeError(`expected a transformation event of Firehose: ${z.prettifyError(parsed.error)}`);
  }
  const failed: FailedRecord[] = [];
  const sources = parsed.data.records;
  let leftBytes = answerBytes - sources.reduce((sum, { recordId }) => sum + recordId.length + envelopeBytes, 0);
  const records = sources.map((source): TransformedRecord => {
    const flattened = flattenRecord(source);
    const isRow = 'row' in flattened;
    const data = isRow ? flattened.row : source.data;
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
function flattenRecord(source: SourceRecord): { row: string } | { reason: string } {
  try {
    const judged = judgeRecord(parseBody(Buffer.from(source.data, 'base64'))?.value ?? source.data);
    if (judged.kind === 'unusable') return judged;
    return { row: Buffer.from(`${JSON.stringify(tweetRow(judged, source))}\n`).toString('base64') };
  } catch (error) {
    // The stack has an end, and lists within lists do not.
    if (error instanceof RangeError) return { reason: `not-processable: ${error.message}` };
    throw error;
  }
}

function nameOf({ recordId, kinesisRecordMetadata: metadata }: SourceRecord): string {
  return metadata === undefined ? recordId : `${metadata.shardId}/${metadata.sequenceNumber}`;
}
