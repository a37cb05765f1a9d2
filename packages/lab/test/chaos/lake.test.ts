import { expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { judgeLake, type LakeContent } from '../../src/chaos/lake.ts';

const { records } = createSample({ seed: 5, records: 50 });
const tagged = records.find(({ meaning }) => meaning.kind === 'tweet' && meaning.item.hashtags.length > 0);
if (tagged?.meaning.kind !== 'tweet') throw new Error('The sample has no tweet with a hashtag.');
const { id, item } = tagged.meaning;
const [hashtag = ''] = item.hashtags;

const tables = {
  tweets: new Map([
    [id, { record: 'p1' }],
    ['other', { record: 'p2' }],
  ]),
  hashtags: new Map([
    [hashtag, { htCount: 1 }],
    ['none', { htCount: 0 }],
  ]),
};
const right: LakeContent = {
  live: new Map([
    [id, 'p1'],
    ['other', 'p2'],
  ]),
  counts: new Map([[hashtag, 1]]),
  failed: new Set(),
};

it('finds nothing where lake and tables agree', () => {
  expect(judgeLake(tables, right, records)).toEqual({ differences: [], leftOut: 0 });
});

it('finds tweets that one of them lacks or has from another record, and wrong counts', () => {
  const live = new Map([
    ['other', 'p3'],
    ['deleted', 'p4'],
  ]);
  expect(judgeLake(tables, { ...right, live, counts: new Map() }, records).differences).toEqual([
    { where: 'lake', key: id, problem: 'has undefined, but the table p1' },
    { where: 'lake', key: 'other', problem: 'has p3, but the table p2' },
    { where: 'lake', key: 'deleted', problem: 'has p4, but the table undefined' },
    { where: 'lake', key: hashtag, problem: 'has 0, but the table 1' },
  ]);
});

it('leaves out what Firehose gave up: tweets, and the hashtags of tweets, with that id', () => {
  const lake = { live: new Map([['other', 'p2']]), counts: new Map(), failed: new Set([base64(tagged.data)]) };
  expect(judgeLake(tables, lake, records)).toEqual({ differences: [], leftOut: 1 });
});

function base64(data: Uint8Array): string {
  return Buffer.from(data).toString('base64');
}
