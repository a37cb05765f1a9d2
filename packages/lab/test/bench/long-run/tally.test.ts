import { describe, expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { addTo, differences, emptyTally } from '../../../src/bench/long-run/tally.ts';

const { records, truth } = createSample({ records: 2_000, seed: 5 });
const tally = emptyTally();
for (const { meaning } of records) addTo(tally, meaning);

describe('the tally of a long run', () => {
  it("is the sample's own truth in numbers", () => {
    expect(tally).toEqual({
      records: truth.records,
      tweets: truth.tweets.size,
      removed: truth.removed.size,
      deletions: truth.deletions.size,
      quarantined: [...truth.quarantined.values()].reduce((sum, count) => sum + count, 0),
      counts: truth.counts,
    });
  });

  it('names every number that differs, hashtags that are missing or too many included', () => {
    expect(differences(tally, { ...tally, records: 0 })).toEqual([]);
    const [[hashtag = '', count = 0] = []] = tally.counts;
    const counts = new Map([...tally.counts, [hashtag, count + 1], ['never', 1]] as const);
    expect(differences(tally, { ...tally, tweets: 0, quarantined: tally.quarantined + 1, counts })).toEqual([
      `tweets: 0, must be ${tally.tweets}`,
      `quarantined: ${tally.quarantined + 1}, must be ${tally.quarantined}`,
      `#${hashtag}: ${count + 1}, must be ${count}`,
      '#never: 1, must be 0',
    ]);
    counts.delete(hashtag);
    expect(differences(tally, { ...tally, counts })).toContain(`#${hashtag}: 0, must be ${count}`);
  });
});
