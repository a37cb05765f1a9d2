import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sortableSequence } from '@tweet-pipes/kit/position';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import {
  delivered,
  IngestFixture,
  notice,
  position,
  quarantineKey,
  sequence,
  tables,
  tweet,
} from './ingest-fixture.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterAll(() => fixture.stop());
beforeEach(() => fixture.clear());

const shard = 'shardId-000000000000';
const nothing = { counts: {}, tweets: [], deletions: [], quarantine: {} };

describe('the ingest workflow', () => {
  it('stores tweets, counts their hashtags and names no failures', async () => {
    const run = await fixture.deliver(delivered([tweet('1', 'A', 'b', 'a'), tweet('2', 'B'), tweet('3')]));
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { batchItemFailures: [] } });
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 1, b: 2 }, tweets: ['1', '2', '3'] });
  });

  it('stores exactly the attributes of the contract', async () => {
    const [record] = delivered([
      {
        id_str: '1',
        text: 'hi',
        created_at: 'now',
        lang: 'en',
        user: { id_str: '7', screen_name: 'n' },
        entities: { hashtags: [{ text: 'X' }] },
        extra: 1,
      },
    ]);
    await fixture.deliver([record ?? null]);
    expect(await fixture.items(tables.tweets)).toEqual([
      {
        id: '1',
        text: 'hi',
        createdAt: 'now',
        lang: 'en',
        userId: '7',
        userName: 'n',
        hashtags: ['x'],
        record: position(0),
        expiresAt: 1_767_226_600,
      },
    ]);
    expect(await fixture.items(tables.hashtags)).toEqual([
      { hashtag: 'x', htCount: 1, updatedAt: expect.any(String), s0: sortableSequence(position(0)) },
    ]);
  });

  it('counts a redelivered batch once', async () => {
    const batch = delivered([tweet('1', 'a'), tweet('2', 'a', 'b')]);
    await fixture.deliver(batch);
    const first = await fixture.stores();
    expect(await fixture.deliver(batch)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await fixture.stores()).toEqual(first);
  });

  it('counts only what is new when a redelivery is cut elsewhere', async () => {
    const records = delivered([tweet('1', 'a'), tweet('2', 'a'), tweet('3', 'a'), tweet('4', 'a')]);
    await fixture.deliver(records.slice(0, 2));
    await fixture.deliver(records.slice(1, 4));
    await fixture.deliver(records);
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 4 }, tweets: ['1', '2', '3', '4'] });
  });

  it('does not count a duplicate from the producer, in the same batch or a later one', async () => {
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('1', 'a', 'other')]));
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2', 'a')], 2));
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 2 }, tweets: ['1', '2'] });
  });

  it('counts the versions of an edited post once, and keeps the one that comes first', async () => {
    const version = (id: string, text: string, ...tags: string[]) => ({
      data: { id, text, edit_history_tweet_ids: ['1', '5'], entities: { hashtags: tags.map((tag) => ({ tag })) } },
    });
    const original = { data: { ...version('1', 'a tpyo', 'a').data, edit_history_tweet_ids: ['1'] } };
    await fixture.deliver(delivered([version('5', 'a typo', 'a', 'b'), original]));
    await fixture.deliver(delivered([original, version('5', 'a typo', 'a', 'b')], 2));
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 1, b: 1 }, tweets: ['1'] });
    expect(await fixture.items(tables.tweets)).toMatchObject([{ text: 'a typo', record: position(0) }]);
    await fixture.deliver(delivered([notice('1'), version('5', 'a typo', 'a')], 4));
    expect(await fixture.stores()).toMatchObject({ tweets: [], deletions: ['1'] });
  });

  it('counts hashtags of the same letters as one, in one tweet and in several', async () => {
    const tags = ['caf\u00e9', 'CAFE\u0301', 'plain', 'ＡＢＣ', '\u1112\u1161\u11ab', '\u{1d41a}'];
    await fixture.deliver(
      delivered([tweet('1', ...tags), tweet('2', 'cafe\u0301', 'abc', '\ud55c'), tweet('3', 'plain')]),
    );
    const counts = { café: 2, plain: 2, abc: 2, 한: 2, '\u{1d41a}': 1 };
    expect(await fixture.stores()).toEqual({ ...nothing, counts, tweets: ['1', '2', '3'] });
    expect((await fixture.items(tables.tweets)).map(({ hashtags }) => hashtags)).toEqual(
      expect.arrayContaining([['café', 'plain', 'abc', '한', '\u{1d41a}'], ['café', 'abc', '한'], ['plain']]),
    );
  });

  it('counts each shard by its own high-water mark', async () => {
    await fixture.deliver(delivered([tweet('1', 'a')], 9, 0));
    await fixture.deliver(delivered([tweet('2', 'a')], 3, 35));
    await fixture.deliver(delivered([tweet('3', 'a')], 4, 36));
    const [item] = await fixture.items(tables.hashtags);
    expect(item).toMatchObject({
      htCount: 3,
      s0: sortableSequence(position(9)),
      sz: sortableSequence(position(3)),
      s10: sortableSequence(position(4)),
    });
  });

  it('counts a batch that mixes shards', async () => {
    const batch = [...delivered([tweet('1', 'a')], 5, 0), ...delivered([tweet('2', 'a'), tweet('3', 'a')], 1, 1)];
    await fixture.deliver(batch);
    await fixture.deliver(batch);
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 3 }, tweets: ['1', '2', '3'] });
  });

  it('never lets prototype names or foreign scripts disappear', async () => {
    await fixture.deliver(
      delivered([tweet('__proto__', '__proto__', 'constructor'), tweet('2', 'ПРИВЕТ', 'สวัสดี', '안녕', 'مرحبا')]),
    );
    expect((await fixture.items(tables.hashtags)).map((item) => item.hashtag).sort()).toEqual(
      ['__proto__', 'constructor', 'привет', 'สวัสดี', '안녕', 'مرحبا'].sort(),
    );
  });

  it('counts more hashtags, and more records, than go into one group and one part', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `h${n}`);
    const tweets = Array.from({ length: 90 }, (_, n) => tweet(`${n}`, 'all', ...(n === 50 ? names : [])));
    expect(await fixture.deliver(delivered(tweets))).toMatchObject({ status: 'SUCCEEDED' });
    const { counts, tweets: stored } = await fixture.stores();
    expect(counts).toEqual({ all: 90, ...Object.fromEntries(names.map((name) => [name, 1])) });
    expect(stored).toHaveLength(90);
  });

  it('stores a tweet with as many and as long hashtags as are accepted', async () => {
    const names = Array.from({ length: 1_500 }, (_, n) => `${n}`.padStart(16, '\u0001'));
    const text = 'x'.repeat(25_000);
    const batch = delivered([{ ...tweet('1', ...names), text }]);
    for (const time of ['delivered', 'redelivered'])
      expect([time, (await fixture.deliver(batch)).status]).toEqual([time, 'SUCCEEDED']);
    expect(Object.keys((await fixture.stores()).counts)).toHaveLength(1_500);
  });

  it('stores a batch of long tweets in several calls', async () => {
    const long = Array.from({ length: 9 }, (_, n) => ({ ...tweet(String(n), 'a'), text: '🙂'.repeat(6_500) }));
    const calls: number[] = [];
    await fixture.deliver(delivered(long), (run) => (call) => {
      if (call.integration.action === 'batchExecuteStatement') calls.push(JSON.stringify(call.arguments).length);
      return run(call);
    });
    expect(calls.length).toBeGreaterThan(1);
    expect(await fixture.stores()).toMatchObject({ counts: { a: 9 } });
  });

  it('caps the text of a tweet at 25,000 code points', async () => {
    await fixture.deliver(delivered([{ ...tweet('1'), text: 'x'.repeat(30_000) }]));
    expect(await fixture.items(tables.tweets)).toMatchObject([{ text: 'x'.repeat(25_000) }]);
  });

  it('fails by name on an input that no pipe sends', async () => {
    for (const input of [{}, [{ tweet: {} }], [{ eventID: 5 }], [{ eventID: 'no colon' }]])
      expect(await fixture.deliver(input)).toMatchObject({ status: 'FAILED', error: 'BatchMalformed' });
    expect(await fixture.deliver([])).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('delete notices', () => {
  it('remove the tweet, keep its count and leave a tombstone', async () => {
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2', 'a'), notice('1')]));
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 2 }, tweets: ['2'], deletions: ['1'] });
    const [tombstone] = await fixture.items(tables.deletions);
    expect(tombstone).toEqual({
      id: '1',
      record: position(2),
      tweetRecord: position(0),
      deletedAt: '2026-01-01T00:00:02.250Z',
      expiresAt: 1_767_227_602,
    });
  });

  it('keep out the tweet that comes after them, in the same batch or later', async () => {
    await fixture.deliver(delivered([notice('1'), tweet('1', 'a'), tweet('2', 'a')]));
    await fixture.deliver(delivered([tweet('1', 'a')], 3));
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 1 }, tweets: ['2'], deletions: ['1'] });
  });

  it('leave the tombstone of the first notice when another follows', async () => {
    await fixture.deliver(delivered([notice('1'), notice('1')]));
    const first = await fixture.items(tables.deletions);
    await fixture.deliver(delivered([notice('1')], 7));
    expect(await fixture.items(tables.deletions)).toEqual(first);
  });
});

describe('records of two shards', () => {
  it.each([
    ['two tweets of one id', tweet('1', 'a'), tweet('1', 'a'), 1],
    ['a notice and a tweet', notice('1'), tweet('1', 'a'), 0],
    ['a tweet and a notice', tweet('1', 'a'), notice('1'), 1],
  ])('have no order: %s are not reported', async (_name, later, earlier, count) => {
    await fixture.deliver(delivered([later], 5, 1));
    await fixture.deliver(delivered([earlier], 4, 0));
    const { quarantine, counts } = await fixture.stores();
    expect([quarantine, counts.a ?? 0]).toEqual([{}, count]);
  });
});

describe('quarantine', () => {
  const bad = {
    'not-an-object': ['bm8ganNvbg==', '84max', 5, null, undefined, true, [], [tweet('9', 'bad')]],
    // What the Kinesis Producer Library packs begins with the bytes F3 89 9A C2.
    'kpl-aggregated': [Buffer.from('f3899ac20a0131', 'hex'), Buffer.from('f3899ac2ff', 'hex')].map((bytes) =>
      bytes.toString('base64'),
    ),
    'no-id': [
      {},
      { id: 12 },
      { id_str: '' },
      { id_str: 'x'.repeat(65) },
      { delete: { status: { id: 5 } } },
      { limit: { track: 1 } },
    ],
    'wrong-type: entities': [
      { id_str: '9', entities: [] },
      { id_str: '9', entities: 'x' },
    ],
    'wrong-type: hashtags': ['x', {}, [{}], [null], ['x'], [{ text: 5 }], [{ text: 'good' }, { indices: [] }]].map(
      (hashtags) => ({
        id_str: '9',
        entities: { hashtags },
      }),
    ),
    'wrong-type: text, lang': [{ id_str: '9', text: 5, lang: ['a'] }],
    'wrong-type: retweeted_status': [{ id_str: '9', retweeted_status: 'x' }],
    'hashtag-empty': [tweet('9', 'good', '')],
    'hashtag-too-long': [tweet('9', 'x'.repeat(513))],
    'too-many-hashtags': [
      tweet('9', ...Array.from({ length: 1_501 }, (_, n) => `bad${n}`)),
      tweet('9', ...Array.from({ length: 10_001 }, () => 'bad')),
    ],
  };

  it.each(Object.entries(bad))(
    'takes a record with reason %s and leaves its neighbours unharmed',
    async (reason, records) => {
      const run = await fixture.deliver(delivered([tweet('1', 'a'), ...records, tweet('2', 'a')]));
      expect(run.status).toBe('SUCCEEDED');
      expect(await fixture.stores()).toEqual({
        ...nothing,
        counts: { a: 2 },
        tweets: ['1', '2'],
        quarantine: Object.fromEntries(records.map((_, n) => [quarantineKey(position(n + 1)), reason])),
      });
    },
  );

  it('keeps the record as it came, with its event id and arrival', async () => {
    await fixture.deliver(delivered([{ id: 12, deep: { list: [1, 'ü'] } }]));
    expect([...(await fixture.quarantine()).values()]).toEqual([
      {
        reason: 'no-id',
        event_id: `${shard}:${sequence(0)}`,
        arrived_at: '2026-01-01T00:00:00.250Z',
        data: { id: 12, deep: { list: [1, 'ü'] } },
      },
    ]);
  });

  it('takes a tweet that DynamoDB refuses, and stores the others', async () => {
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2', 'a')]), (run) => async (call) => {
      const answer = await run(call);
      if (call.integration.action !== 'batchExecuteStatement') return answer;
      return { Responses: [{ Error: { Code: 'ValidationError', Message: 'Item size is too large' } }, {}] };
    });
    expect(await fixture.stores()).toMatchObject({
      counts: { a: 1 },
      quarantine: { [quarantineKey(position(0))]: 'rejected-by-dynamodb: Item size is too large' },
    });
  });
});

describe('under faults', () => {
  const batch = delivered([
    tweet('1', 'a', 'b'),
    tweet('2', 'a'),
    { id: 5 },
    notice('1'),
    tweet('1', 'c'),
    tweet('2', 'a'),
    tweet('3', 'b'),
  ]);

  it('ends in the same stores wherever one call fails or loses its answer, after one redelivery', async () => {
    await fixture.deliver(batch);
    const expected = await fixture.stores();
    let calls = 0;
    await fixture.clear();
    await fixture.deliver(batch, (run) => (call) => {
      calls += 1;
      return run(call);
    });
    expect(calls).toBe(8);
    for (const answerLost of [false, true]) {
      for (let failing = 0; failing < calls; failing++) {
        await fixture.clear();
        const crashed = await fixture.deliver(batch, stopAt(failing, answerLost));
        expect(crashed.status).toBe('FAILED');
        expect(await fixture.deliver(batch)).toMatchObject({ status: 'SUCCEEDED' });
        expect([failing, answerLost, await fixture.stores()]).toEqual([failing, answerLost, expected]);
      }
    }
  });

  it('ends in the same stores when every call is answered only at the second attempt', async () => {
    await fixture.deliver(batch);
    const expected = await fixture.stores();
    await fixture.clear();
    const run = await fixture.deliver(batch, losingEveryFirstAnswer);
    expect(run).toMatchObject({ status: 'SUCCEEDED' });
    expect(await fixture.stores()).toEqual(expected);
  });

  it('tries again the statements that DynamoDB throttled, and those only', async () => {
    const statements: number[] = [];
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2', 'a')]), (run) => async (call) => {
      if (call.integration.action !== 'batchExecuteStatement') return run(call);
      const asked = call.arguments.Statements;
      const list = Array.isArray(asked) ? asked : [];
      statements.push(list.length);
      if (statements.length > 1) return run(call);
      await run({ ...call, arguments: { Statements: list.slice(0, 1) } });
      return { Responses: [{}, { Error: { Code: 'ThrottlingError', Message: 'slow down' } }] };
    });
    expect(statements).toEqual([2, 1]);
    expect(await fixture.stores()).toMatchObject({ counts: { a: 2 }, tweets: ['1', '2'] });
  });

  it('gives up with the name of the throttling when it does not end', async () => {
    const run = await fixture.deliver(
      delivered([tweet('1', 'a')]),
      (inner) => async (call) =>
        call.integration.action === 'batchExecuteStatement'
          ? { Responses: [{ Error: { Code: 'ProvisionedThroughputExceeded', Message: '' } }] }
          : inner(call),
    );
    expect(run).toMatchObject({ status: 'FAILED', error: 'DynamoDb.ThrottlingException' });
    expect(await fixture.stores()).toEqual(nothing);
  });

  it('fails with the code that trying again would not heal', async () => {
    const run = await fixture.deliver(
      delivered([tweet('1', 'a')]),
      (inner) => async (call) =>
        call.integration.action === 'batchExecuteStatement'
          ? { Responses: [{ Error: { Code: 'AccessDenied', Message: 'no' } }] }
          : inner(call),
    );
    expect(run).toMatchObject({ status: 'FAILED', error: 'DynamoDb.AccessDenied' });
  });

  it('quarantines what DynamoDB refused also when it crashed before that and the tweet was deleted', async () => {
    const records = delivered([tweet('1', 'a'), notice('1')]);
    const refusing = (run: TaskRunner): TaskRunner => {
      return async (call) =>
        call.integration.action === 'batchExecuteStatement'
          ? { Responses: [{ Error: { Code: 'ValidationError', Message: 'Item size is too large' } }] }
          : run(call);
    };
    const crashing = (run: TaskRunner): TaskRunner => {
      return async (call) => {
        if (call.integration.action === 'putObject') throw new StateError('States.Runtime', 'the execution crashed');
        return refusing(run)(call);
      };
    };
    expect(await fixture.deliver(records, crashing)).toMatchObject({ status: 'FAILED' });
    expect(await fixture.deliver(records, refusing)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await fixture.stores()).toMatchObject({
      deletions: ['1'],
      quarantine: { [quarantineKey(position(0))]: 'rejected-by-dynamodb: Item size is too large' },
    });
  });

  it('asks again for keys that a batch read left unprocessed', async () => {
    await fixture.deliver(delivered([notice('1'), notice('2')]));
    let reads = 0;
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2', 'a'), tweet('3', 'a')], 2), (run) => async (call) => {
      if (call.integration.action !== 'batchGetItem') return run(call);
      reads += 1;
      return reads === 1 ? { Responses: {}, UnprocessedKeys: call.arguments.RequestItems ?? null } : run(call);
    });
    expect(reads).toBe(2);
    expect(await fixture.stores()).toMatchObject({ counts: { a: 1 }, tweets: ['3'] });
  });

  it('inserts a tweet again whose stored copy was removed while the duplicate was classified', async () => {
    await fixture.deliver(delivered([tweet('1', 'a')]));
    let inserts = 0;
    await fixture.deliver(delivered([tweet('1', 'a')], 1), (run) => async (call) => {
      const answer = await run(call);
      if (call.integration.action === 'batchExecuteStatement' && ++inserts === 1)
        await fixture.dynamodb.send(new DeleteItemCommand({ TableName: tables.tweets, Key: { id: { S: '1' } } }));
      return answer;
    });
    expect(inserts).toBe(2);
    expect(await fixture.stores()).toEqual({ ...nothing, counts: { a: 2 }, tweets: ['1'] });
  });
});

describe('the high-water mark of a shard', () => {
  const marks = async () =>
    Object.fromEntries((await fixture.items(tables.shards)).map(({ shard, storedUpTo }) => [shard, storedUpTo]));

  it('is the position up to which the shard is stored, and expires like a tombstone', async () => {
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2')], 4));
    expect(await fixture.items(tables.shards)).toEqual([
      { shard, counterItem: 0, storedUpTo: position(5), updatedAt: expect.any(String), expiresAt: expect.any(Number) },
    ]);
    const [{ updatedAt, expiresAt } = {}] = await fixture.items(tables.shards);
    expect(expiresAt).toBe(Math.floor(Date.parse(String(updatedAt)) / 1000) + 2000);
  });

  it('advances for each shard of a batch, and never goes back', async () => {
    await fixture.deliver([...delivered([tweet('1'), tweet('2')], 5), ...delivered([tweet('3')], 1, 1)]);
    await fixture.deliver([...delivered([tweet('4')], 2), ...delivered([tweet('5')], 9, 1)]);
    expect(await marks()).toEqual({ [shard]: position(6), 'shardId-000000000001': position(9, 1) });
  });

  it.each([
    ['a duplicate', tweet('1', 'a')],
    ['a tweet that was deleted', tweet('2', 'a')],
    ['a delete notice', notice('1')],
    ['a record that cannot be used', null],
  ])('advances also by %s alone', async (_name, record) => {
    await fixture.deliver(delivered([tweet('1', 'a'), notice('2')]));
    await fixture.deliver(delivered([record], 7));
    expect(await marks()).toEqual({ [shard]: position(7) });
  });

  it('costs one write a batch and spares new tweets a second read of their tombstones', async () => {
    const calls: string[] = [];
    const keys: unknown[] = [];
    const note = (run: TaskRunner): TaskRunner => {
      return (call) => {
        calls.push(call.integration.action);
        keys.push(...Object.values(call.arguments.RequestItems ?? {}).flatMap(({ Keys }) => Keys));
        return run(call);
      };
    };
    const tweets = Array.from({ length: 60 }, (_, n) => tweet(String(n), 'a'));
    await fixture.deliver(delivered(tweets.slice(0, 30)));
    await fixture.deliver(delivered(tweets.slice(30), 30), note);
    expect(keys).toHaveLength(30);
    expect(calls.sort()).toEqual([
      'batchExecuteStatement',
      'batchExecuteStatement',
      'batchGetItem',
      'updateItem',
      'updateItem',
    ]);
  });

  it('makes an execution that outlived its redelivery read tombstones again, also for unprocessed keys', async () => {
    const records = delivered([tweet('1', 'a'), tweet('2', 'b'), tweet('3', 'c')]);
    const reads: string[] = [];
    await fixture.deliver(records, (run) => async (call) => {
      const { action } = call.integration;
      if (action === 'batchExecuteStatement') {
        await fixture.deliver(records);
        await fixture.deliver(delivered([notice('1'), notice('3')], 3));
      }
      if (action !== 'batchGetItem') return run(call);
      const RequestItems = call.arguments.RequestItems ?? null;
      reads.push(JSON.stringify(RequestItems));
      // The tombstones, the owner of the tweet that is still there, and the tombstones again, unprocessed at first.
      return reads.length === 3 ? { Responses: {}, UnprocessedKeys: RequestItems } : run(call);
    });
    expect(reads).toHaveLength(4);
    expect(reads[3]).toBe(reads[2]);
    expect(reads[2]).toContain('{"id":{"S":"1"}},{"id":{"S":"3"}}');
    expect(await fixture.stores()).toEqual({
      ...nothing,
      counts: { a: 1, b: 1, c: 1 },
      tweets: ['2'],
      deletions: ['1', '3'],
    });
  });
});

describe('high-water marks on a hashtag', () => {
  it('report a tweet that is new yet below its shard’s high-water mark, and do not count it', async () => {
    await fixture.deliver(delivered([tweet('2', 'a', 'b')], 5));
    const run = await fixture.deliver(delivered([tweet('1', 'a')], 4));
    expect(run.status).toBe('SUCCEEDED');
    expect(await fixture.stores()).toEqual({
      ...nothing,
      counts: { a: 1, b: 1 },
      tweets: ['1', '2'],
      quarantine: {
        [quarantineKey(position(4), 'quarantine/out-of-order')]:
          'out-of-order: stored now, yet at or below the high-water mark of its shard',
      },
    });
  });

  it('of shards that the stream no longer lists are removed on the slow path, once there are more than eight', async () => {
    const gone = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`s${(n + 40).toString(36)}`, { S: '0011' }]));
    await fixture.deliver(delivered([tweet('1', 'a')]));
    await fixture.dynamodb.send(
      new PutItemCommand({
        TableName: tables.hashtags,
        Item: {
          hashtag: { S: 'a' },
          htCount: { N: '1' },
          updatedAt: { S: 'x' },
          s0: { S: sortableSequence(position(0)) },
          ...gone,
        },
      }),
    );
    await fixture.deliver(delivered([tweet('1', 'a'), tweet('2', 'a')]));
    const [item] = await fixture.items(tables.hashtags);
    expect(item).toEqual({
      hashtag: 'a',
      htCount: 2,
      updatedAt: expect.any(String),
      s0: sortableSequence(position(1)),
    });
  });

  it('that move while the counter is read make the workflow read it again', async () => {
    const records = delivered([tweet('1', 'a'), tweet('2', 'a'), tweet('3', 'a')]);
    await fixture.deliver(records.slice(0, 1));
    let reads = 0;
    await fixture.deliver(records, (run) => async (call) => {
      const answer = await run(call);
      if (call.integration.action === 'getItem' && ++reads === 1)
        await fixture.dynamodb.send(
          new UpdateItemCommand({
            TableName: tables.hashtags,
            Key: { hashtag: { S: 'a' } },
            UpdateExpression: 'ADD htCount :one SET s0 = :moved',
            ExpressionAttributeValues: { ':one': { N: '1' }, ':moved': { S: sortableSequence(position(1)) } },
          }),
        );
      return answer;
    });
    expect(reads).toBe(2);
    expect(await fixture.stores()).toMatchObject({ counts: { a: 3 } });
  });
});

/**
 * The execution crashes at its n-th call: before the call takes effect, or after, with the answer lost. Every later
 * call fails.
 */
function stopAt(failing: number, answerLost: boolean): (run: TaskRunner) => TaskRunner {
  let count = 0;
  return (run) => async (call) => {
    const mine = count++;
    if (mine < failing) return run(call);
    if (mine === failing && answerLost) await run(call);
    throw new StateError('States.Runtime', 'the execution crashed');
  };
}

/** Every call takes effect, but its first answer is lost on the way. */
function losingEveryFirstAnswer(run: TaskRunner): TaskRunner {
  const seen = new Set<string>();
  return async (call) => {
    const key = JSON.stringify([call.integration.resource, call.arguments]);
    const answer = await run(call);
    if (seen.has(key)) return answer;
    seen.add(key);
    const service = call.integration.resource.includes('aws-sdk:dynamodb') ? 'DynamoDb' : 'DynamoDB';
    throw new StateError(
      call.integration.resource.includes('s3') ? 'S3.SdkClientException' : `${service}.SdkClientException`,
      'cut',
    );
  };
}
