import { parseBody } from '@tweet-pipes/kit/parse-body';
import type { Flattened } from '../transformation/transform-records.ts';
import type { SourceRecord } from '../transformation/transformation-event.ts';
import { judgeRecord } from './judge-record.ts';
import { tweetRow } from './tweet-row.ts';

/** The row of a tweet or a delete notice. The reason of any other record is one of docs/records.md, "Quarantine". */
export function flattenTweet(source: SourceRecord): Flattened {
  const judged = judgeRecord(parseBody(Buffer.from(source.data, 'base64'))?.value ?? source.data);
  return judged.kind === 'unusable' ? judged : { row: tweetRow(judged, source) };
}
