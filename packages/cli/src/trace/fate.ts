import { parsePosition, precedes, sortableSequence } from '@tweet-pipes/kit/position';
import type { Findings, FoundRecord } from './findings.ts';

/** What became of a record of the stream, by all stores. */
export type Fate =
  | { fate: 'filtered' }
  | { fate: 'given-up'; condition: string; error?: string }
  | { fate: 'waiting' }
  | { fate: 'quarantined'; reason: string }
  | { fate: 'deletes' }
  | { fate: 'stored' }
  | { fate: 'duplicate'; owner: string }
  | { fate: 'dropped'; notice: string }
  /** It was processed, and no store tells what became of it. */
  | { fate: 'not-known' };

/** Judges one record as docs/records.md says. */
export function fateOf(record: FoundRecord, findings: Findings): Fate {
  const { position, kind, reason, isKept } = record;
  if (!isKept) return { fate: 'filtered' };
  const quarantined = findings.quarantined.find((each) => each.position === position && each.folder === 'quarantine');
  if (quarantined !== undefined) return { fate: 'quarantined', reason: quarantined.reason };
  if (kind === 'tweet' && ownersOf(findings).has(position)) return { fate: 'stored' };
  const isRedriven = findings.redrives.some((each) => each.position === position);
  const givenUp = findings.givenUp.find((each) => each.position === position);
  if (givenUp !== undefined && !isRedriven) {
    const { condition, error } = givenUp;
    return { fate: 'given-up', condition, ...(error === undefined ? {} : { error }) };
  }
  if (isWaiting(position, findings)) return { fate: 'waiting' };
  if (kind === 'rejected') return { fate: 'quarantined', reason: reason ?? 'not-processable' };
  if (kind === 'notice') return { fate: 'deletes' };
  return fateOfTweet(position, findings);
}

/** Positions of the records from which the tweet is or was stored. */
export function ownersOf({ stored, tombstone, archived }: Findings): ReadonlySet<string> {
  const positions = [stored?.position, tombstone?.tweetPosition, ...archived.map(({ position }) => position)];
  return new Set(positions.flatMap((position) => (position === undefined || position === '' ? [] : [position])));
}

function fateOfTweet(position: string, findings: Findings): Fate {
  const { tombstone } = findings;
  if (tombstone !== undefined && isEarlier(tombstone.position, position)) {
    return { fate: 'dropped', notice: tombstone.position };
  }
  const [owner] = ownersOf(findings);
  return owner === undefined ? { fate: 'not-known' } : { fate: 'duplicate', owner };
}

/** Also across a resharding, where the numbers of a child are higher than those of its parents. */
function isEarlier(first: string, second: string): boolean {
  if (precedes(first, second)) return true;
  return parsePosition(first) !== undefined && sortableSequence(first) < sortableSequence(second);
}

function isWaiting(position: string, { highWaterMarks }: Findings): boolean {
  const shardId = parsePosition(position)?.shardId;
  const mark = shardId === undefined ? undefined : highWaterMarks.get(shardId);
  return mark === undefined || mark < position;
}
