import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import { countOf, expectedOutcome, type Outcome } from './model.ts';
import { positionOf, type StreamRecord, tweetId } from './stream.ts';

/**
 * What differs from the reference model although no record of the same id is reported as out of order: counts as
 * `#tag`, everything else as ids. Which of several notices a tombstone names is no difference. Nor is a counter that
 * lacks a tweet of `unanswered`: such a tweet looks like a redelivery that was counted (docs/reliability.md, "Limits").
 */
export function unreported(stream: StreamRecord[], outcome: Outcome, unanswered: ReadonlySet<string>): string[] {
  const expected = expectedOutcome(stream);
  const idOf = (record: StreamRecord) =>
    'bad' in record ? '' : tweetId(record.shard, 'notice' in record ? record.notice : record.tweet);
  const reported = new Set(stream.filter((r, n) => outcome.outOfOrder.includes(positionOf(r, n))).map(idOf));
  const tags = new Set(stream.flatMap((r) => ('tweet' in r ? r.tags.map(foldHashtag) : [])));
  const carries = (r: StreamRecord, tag: string) => 'tweet' in r && r.tags.some((name) => foldHashtag(name) === tag);
  const carriers = (tag: string) => stream.filter((r) => carries(r, tag)).map(idOf);
  const isExplained = (tag: string) => {
    const missing = countOf(expected, tag) - countOf(outcome, tag);
    return (
      missing > 0 && missing <= stream.filter((r, n) => carries(r, tag) && unanswered.has(positionOf(r, n))).length
    );
  };
  const idsOf = ({ tweets, deletions, archive }: Outcome, id: string) =>
    JSON.stringify([tweets[id], id in deletions, archive.filter((line) => line.startsWith(`tweets ${id} `))]);
  return [
    ...[...tags]
      .filter((tag) => countOf(outcome, tag) !== countOf(expected, tag))
      .filter((tag) => !carriers(tag).some((id) => reported.has(id)) && !isExplained(tag))
      .map((tag) => `#${tag}`),
    ...[...new Set(stream.map(idOf))].filter((id) => idsOf(outcome, id) !== idsOf(expected, id) && !reported.has(id)),
    ...Object.keys(expected.quarantine).filter((key) => !(key in outcome.quarantine)),
  ];
}
