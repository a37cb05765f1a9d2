import { countOf, expectedOutcome, type Outcome } from './model.ts';
import { eventId, type StreamRecord, tweetId } from './stream.ts';

/**
 * What differs from the reference model although no record of the same id is reported as out of order; counts as `#tag`, else ids. Which of
 * several notices an id is listed with is no difference.
 */
export function unreported(stream: StreamRecord[], outcome: Outcome): string[] {
  const expected = expectedOutcome(stream);
  const idOf = (record: StreamRecord) =>
    'bad' in record ? '' : tweetId(record.shard, 'notice' in record ? record.notice : record.tweet);
  const reported = new Set(stream.filter((r, n) => outcome.outOfOrder.includes(eventId(r, n))).map(idOf));
  const tags = new Set(stream.flatMap((r) => ('tweet' in r ? r.tags.map((tag) => tag.toLowerCase()) : [])));
  const carriers = (tag: string) =>
    stream.filter((r) => 'tweet' in r && r.tags.some((name) => name.toLowerCase() === tag)).map(idOf);
  const idsOf = ({ tweets, deletions, archive }: Outcome, id: string) =>
    JSON.stringify([tweets[id], id in deletions, archive.filter((line) => line.startsWith(`tweets ${id} `))]);
  return [
    ...[...tags]
      .filter((tag) => countOf(outcome, tag) !== countOf(expected, tag))
      .filter((tag) => !carriers(tag).some((id) => reported.has(id)))
      .map((tag) => `#${tag}`),
    ...[...new Set(stream.map(idOf))].filter((id) => idsOf(outcome, id) !== idsOf(expected, id) && !reported.has(id)),
    ...Object.keys(expected.quarantine).filter((key) => !(key in outcome.quarantine)),
  ];
}
