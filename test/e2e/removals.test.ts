import { gunzipSync } from 'node:zlib';
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archiveKey, type Item, type Stores } from '@tweet-pipes/cli/verification/stores';
import { type App, startApp } from './app.ts';

/** A control character has six characters in JSON, so that an item within DynamoDB's 400 KB makes a row of 2.4 MB. */
const control = '\u0001';
/** Of a row, in bytes; docs/records.md. */
const rowLimit = 1_000_000;

let app: App;
let stores: Stores;

beforeAll(async () => {
  app = await startApp({ shards: 1, maximumRetryAttempts: 1 });
});
afterAll(() => app?.stop());

const key = (id: string) => ({ TableName: app.outputs.TweetTableName, Key: { id: { S: id } } });
const tweet = (id: string) => ({
  Data: Buffer.from(JSON.stringify({ id_str: id, text: `text ${id}`, entities: { hashtags: [{ text: 'kept' }] } })),
});
const row = (id: string, record: string | null = null): Item | undefined =>
  stores.archive.get(archiveKey('tweets', id, record));

describe('an item whose time is over', () => {
  it('is removed without being asked and archived with cause ttl; others stay', async () => {
    const [expired = '', kept = ''] = await app.put([tweet('expired'), tweet('kept'), tweet('removed')]);
    await app.settled();
    const past = { N: String(Math.floor(Date.now() / 1000) - 10) };
    const expire = { UpdateExpression: 'SET expiresAt = :past', ExpressionAttributeValues: { ':past': past } };
    await app.clients.dynamodb.send(new UpdateItemCommand({ ...key('expired'), ...expire }));
    await app.clients.dynamodb.send(
      new UpdateItemCommand({ TableName: app.outputs.HashtagTableName, Key: { hashtag: { S: 'kept' } }, ...expire }),
    );
    await app.clients.dynamodb.send(new DeleteItemCommand(key('removed')));
    await app.until(async () => {
      stores = await app.stores();
      return stores.archive.size === 2;
    });
    expect(row('expired', expired)).toMatchObject({
      ...{ table: 'tweets', cause: 'ttl', text: 'text expired', hashtags: ['kept'], expires_at: Number(past.N) },
      removed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect([...stores.archive.values()].map(({ id, cause }) => [id, cause]).sort()).toEqual([
      ['expired', 'ttl'],
      ['removed', 'user'],
    ]);
    expect([...stores.tweets].map(([id, { record }]) => [id, record])).toEqual([['kept', kept]]);
    // The table of counters has no time to live, whatever its items carry.
    expect(stores.hashtags.get('kept')).toMatchObject({ htCount: 3, expiresAt: Number(past.N) });
  });
});

describe('a removed item near the limits of Firehose and Lambda', () => {
  const fitting = 'x'.repeat(40_000) + control.repeat(159_900);
  const large = 'x'.repeat(40_000) + control.repeat(160_100);
  const largest = control.repeat(390_000);
  // Three of the largest are more than the 6 MB that a function takes, which cuts their batch.
  const texts: Record<string, string> = {
    ...{ before: 'b', fitting, between: 'c', large, 'largest 1': largest, 'largest 2': largest, 'largest 3': largest },
    after: 'd',
  };

  beforeAll(async () => {
    for (const [id, text] of Object.entries(texts)) {
      const Item = { id: { S: id }, text: { S: text } };
      await app.clients.dynamodb.send(new PutItemCommand({ TableName: app.outputs.TweetTableName, Item }));
    }
    for (const id of Object.keys(texts)) await app.clients.dynamodb.send(new DeleteItemCommand(key(id)));
    await app.settled();
    stores = await app.stores();
  });

  it.each(['before', 'fitting', 'between', 'after'])('%s is a plain row', (id) => {
    expect(row(id)).toMatchObject({ id, text: texts[id] });
    expect(JSON.stringify(row(id)).length).toBeLessThanOrEqual(rowLimit);
  });

  it.each(['large', 'largest 1', 'largest 2', 'largest 3'])('%s is packed, with nothing cut off', (id) => {
    const { row_gzip: packed, ...rest } = row(id) ?? {};
    expect(rest).toMatchObject({ table: 'tweets', cause: 'user', id });
    expect(rest).not.toHaveProperty('text');
    const whole: unknown = JSON.parse(gunzipSync(Buffer.from(String(packed), 'base64')).toString('utf8'));
    expect(whole).toMatchObject({ id, text: texts[id] });
  });

  it('nothing is given up', async () => {
    expect(await app.deadLetters()).toEqual(new Map());
  });
});
