import { describe, expect, it } from '@jest/globals';
import { compactRecord } from '@tweet-pipes/producer/compact/compact-record';
import { partitionKeyOf } from '@tweet-pipes/producer/partition-key';
import { deleteNoticeOfPost, idOfPost, tweetOfPost } from '@tweet-pipes/producer/sources/bluesky/post';
import { post } from './fake-jetstream.ts';

const key = { did: 'did:plc:aaaabbbbccccddddeeeeffff', rkey: '3kaaaaaaaaaaa' };
const id = 'did:plc:aaaabbbbccccddddeeeeffff/3kaaaaaaaaaaa';
const tweet = (record: Record<string, unknown>) =>
  JSON.parse(Buffer.from(tweetOfPost(key, JSON.parse(JSON.stringify(record))).data).toString()).data;

describe('a post', () => {
  it('is a compact tweet of API v2', () => {
    const record = tweetOfPost(key, JSON.parse(JSON.stringify(post('made up #Čas', 'Čas'))));
    expect(JSON.parse(Buffer.from(record.data).toString())).toEqual({
      data: {
        id,
        created_at: '2026-07-31T23:59:59.500Z',
        lang: 'en',
        author_id: key.did,
        text: 'made up #Čas',
        entities: { hashtags: [{ tag: 'Čas' }] },
      },
    });
    expect(record.partitionKey).toBe(id);
    expect(partitionKeyOf(record.data)).toBe(id);
    expect(Buffer.from(compactRecord(record).data)).toEqual(Buffer.from(record.data));
  });

  it('has the hashtags that it declares, in facets and beside them, and not those of its text', () => {
    expect(tweet({ ...post('#undeclared', 'a', 'b'), tags: ['c', 'a'] }).entities).toEqual({
      hashtags: ['a', 'b', 'c', 'a'].map((tag) => ({ tag })),
    });
    const others = [
      { features: [{ $type: 'app.bsky.richtext.facet#link', tag: 'x' }, null, 7] },
      null,
      { features: 7 },
    ];
    expect(tweet({ ...post('#undeclared'), facets: others, tags: ['', 7, 'd'] }).entities).toEqual({
      hashtags: [{ tag: 'd' }],
    });
    expect(tweet({ ...post(), facets: 'none', tags: {} }).entities).toEqual({ hashtags: [] });
  });

  it.each([
    ['2026-07-31T23:59:59.123456789Z', '2026-07-31T23:59:59.123Z'],
    ['2026-08-01T01:59:59+02:00', '2026-07-31T23:59:59.000Z'],
    ['yesterday', undefined],
    ['9999999-01-01', undefined],
    [7, undefined],
    [undefined, undefined],
  ])('with the date %j has %j', (createdAt, created_at) => {
    expect(tweet({ ...post(), createdAt }).created_at).toBe(created_at);
  });

  it.each([
    [{ langs: undefined }, { lang: undefined }],
    [{ langs: [] }, { lang: undefined }],
    [{ langs: 'en' }, { lang: undefined }],
    [{ langs: ['ja', 'en'] }, { lang: 'ja' }],
    [{ text: undefined }, { text: undefined }],
    [{ text: '' }, { text: '' }],
    // The workflow puts it into quarantine.
    [{ text: 7 }, { text: 7 }],
  ])('with %j has %j', (record, expected) => {
    expect({ lang: undefined, text: undefined, ...tweet({ ...post(), ...record }) }).toMatchObject(expected);
  });

  it('has an id that the workflow accepts, however long its parts are', () => {
    const web = { did: 'did:web:example.com', rkey: '3kaaaaaaaaaaa' };
    expect(idOfPost(web)).toBe('did:web:example.com/3kaaaaaaaaaaa');
    const long = { did: `did:web:${'a'.repeat(60)}.example.com`, rkey: '3kaaaaaaaaaaa' };
    expect(idOfPost(long)).toMatch(/^bsky-[0-9a-f]{32}$/);
    expect(idOfPost(long)).toBe(idOfPost({ ...long }));
    expect(idOfPost(long)).not.toBe(idOfPost({ ...long, rkey: '3kaaaaaaaaaab' }));
    expect(idOfPost({ did: 'did:web:a', rkey: 'r'.repeat(54) })).toHaveLength(64);
    expect(idOfPost({ did: 'did:web:a', rkey: 'r'.repeat(55) })).toHaveLength(37);
  });

  it('is deleted by a delete notice with its id', () => {
    const { partitionKey, data } = deleteNoticeOfPost(key);
    expect([partitionKey, JSON.parse(Buffer.from(data).toString())]).toEqual([
      id,
      { delete: { status: { id_str: id } } },
    ]);
  });
});
