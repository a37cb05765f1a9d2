import { formatTimestamp } from '@tweet-pipes/kit/lake-timestamp';
import { formatPosition } from '@tweet-pipes/kit/position';
import type { SourceRecord } from '../transformation/transformation-event.ts';
import type { LakeRecord } from './judge-record.ts';
import { parseTimestamp } from './timestamp.ts';

/**
 * A row of the table `tweets` of the lake (docs/lake.md, "Columns"). A column without a value is left out, which
 * queries read as NULL: so an answer is hardly ever larger than what it answers.
 */
export interface TweetRow {
  id: string;
  text?: string;
  /** `yyyy-MM-dd HH:mm:ss.SSS` in UTC; absent if the tweet's own is in no known form. */
  created_at?: string;
  lang?: string;
  user_id?: string;
  user_name?: string;
  hashtags?: readonly string[];
  retweet_of?: string;
  kind: 'tweet' | 'delete';
  /** Absent if the record does not come from a Kinesis stream. */
  position?: string;
  /** `yyyy-MM-dd HH:mm:ss.SSS` in UTC. */
  arrived_at: string;
}

/** The row of a record. */
export function tweetRow(judged: LakeRecord, source: SourceRecord): TweetRow {
  const { kinesisRecordMetadata: metadata } = source;
  return {
    id: judged.id,
    ...(judged.kind === 'tweet' ? tweetColumns(judged) : {}),
    kind: judged.kind,
    ...(metadata && { position: formatPosition(metadata.shardId, metadata.sequenceNumber) }),
    arrived_at: formatTimestamp(metadata?.approximateArrivalTimestamp ?? source.approximateArrivalTimestamp),
  };
}

function tweetColumns({ fields, hashtags, retweetOf }: Extract<LakeRecord, { kind: 'tweet' }>): Partial<TweetRow> {
  const { text, createdAt, lang, userId, userName } = fields;
  const createdAtMs = createdAt === undefined ? undefined : parseTimestamp(createdAt);
  return {
    ...(text === undefined ? {} : { text }),
    ...(createdAtMs === undefined ? {} : { created_at: formatTimestamp(createdAtMs) }),
    ...(lang === undefined ? {} : { lang }),
    ...(userId === undefined ? {} : { user_id: userId }),
    ...(userName === undefined ? {} : { user_name: userName }),
    hashtags,
    ...(retweetOf === undefined ? {} : { retweet_of: retweetOf }),
  };
}
