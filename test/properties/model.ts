import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import { quarantineKey } from '../statemachines/ingest-fixture.ts';
import { positionOf, type StreamRecord, tweetId } from './stream.ts';

/** Everything that the stores may say after a stream, however it was delivered. */
export interface Outcome {
  counts: Record<string, number>;
  /** By id, the position of the record that brought the tweet. */
  tweets: Record<string, string>;
  /** By id, the position of the first notice. */
  deletions: Record<string, string>;
  /** The archive: `<table> <key> <position>` of what was removed, sorted. */
  archive: string[];
  /** By object key, the reason. */
  quarantine: Record<string, string>;
  /** Positions reported as out of order, sorted. */
  outOfOrder: string[];
}

/** The reference model: the stream read once, in order, without any fault. */
export function expectedOutcome(stream: StreamRecord[]): Outcome {
  const end: Outcome = { counts: {}, tweets: {}, deletions: {}, archive: [], quarantine: {}, outOfOrder: [] };
  const accepted = new Set<string>();
  for (const [index, record] of stream.entries()) {
    const position = positionOf(record, index);
    if ('bad' in record) end.quarantine[quarantineKey(position)] = record.bad;
    else if ('notice' in record) {
      const id = tweetId(record.shard, record.notice);
      if (id in end.tweets) end.archive.push(`tweets ${id} ${end.tweets[id]}`);
      delete end.tweets[id];
      end.deletions[id] ??= position;
    } else {
      const id = tweetId(record.shard, record.tweet);
      if (id in end.deletions || accepted.has(id)) continue;
      accepted.add(id);
      end.tweets[id] = position;
      for (const tag of new Set(record.tags.map(foldHashtag)))
        Object.defineProperty(end.counts, tag, { value: countOf(end, tag) + 1, configurable: true, enumerable: true });
    }
  }
  end.archive.sort();
  return end;
}

/** A tag's count; a tag may be named as a member of Object.prototype. */
export function countOf({ counts }: Pick<Outcome, 'counts'>, tag: string): number {
  return Object.hasOwn(counts, tag) ? (counts[tag] ?? 0) : 0;
}
