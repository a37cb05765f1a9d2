import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { TwitterSourceError } from '@tweet-pipes/producer/sources/twitter/errors';
import { type FakeStream, FakeX, type Turn } from './fake-x-api.ts';
import { TwitterFixture } from './twitter-fixture.ts';

const rulesPath = '/2/tweets/search/stream/rules';
const streamPath = '/2/tweets/search/stream';

const problem = (name: string) => `https://api.x.com/2/problems/${name}`;

let x: FakeX;
let fixture: TwitterFixture;
beforeEach(async () => {
  x = await FakeX.start();
  fixture = new TwitterFixture(x);
  x.now = () => fixture.clock.now();
});
afterEach(async () => {
  await fixture.end().catch(() => {});
  await x.stop();
});

/** Makes the next connections of the stream end so, and the one after them deliver the post `end`. */
async function afterTurns(turns: Turn[]): Promise<number[]> {
  x.turns[`GET ${streamPath}`] = turns;
  await fixture.open();
  const next = fixture.next();
  await x.until(() => x.streams.some(({ isOpen }) => isOpen));
  x.stream.post({ id: 'end', text: '' });
  await next;
  return fixture.clock.waitsMs;
}

async function failure(opening = fixture.open()): Promise<TwitterSourceError> {
  const error: unknown = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'TwitterSourceError' });
  return error as TwitterSourceError;
}

describe('rules', () => {
  it('are made of the keywords and of raw rules, under a tag of the run, and only those are removed at the end', async () => {
    const theirs = x.addRule('dogs', 'their own');
    fixture = new TwitterFixture(x, { keywords: ['cats', 'new york', 'cats'], rules: ['from:nasa has:images'] });
    const source = await fixture.open();
    const tag = expect.stringMatching(/^tweet-pipes:[0-9a-f]{8}$/);
    expect(x.rules).toMatchObject([
      theirs,
      { value: 'cats', tag },
      { value: '"new york"', tag },
      { value: 'from:nasa has:images', tag },
    ]);
    expect(fixture.notices).toEqual([
      'X holds 1 rule for this app that others made. The posts that only such rules match are read and charged for, but not sent.',
    ]);
    await source.close();
    await source.close();
    expect(x.rules).toEqual([theirs]);
  });

  it('that X holds already stay, and what they match is wanted', async () => {
    const theirs = x.addRule('cats', 'their own');
    const source = await fixture.open();
    x.stream.post({ id: '1', text: 'cats' });
    expect(await fixture.ids(1)).toEqual(['1']);
    await source.close();
    expect(x.rules).toEqual([theirs]);
  });

  it('of others match posts that are paid for and dropped', async () => {
    const theirs = x.addRule('dogs');
    const source = await fixture.open();
    x.stream.post({ id: 'theirs', text: '' }, {}, [theirs]);
    x.stream.post({ id: 'both', text: '' });
    expect(await fixture.ids(1)).toEqual(['both']);
    expect([source.cost.posts, source.foreignPosts]).toEqual([2, 1]);
  });

  it('of killed runs are reported, and removed on request, over all pages of the listing', async () => {
    x.rulesPerPage = 2;
    const theirs = x.addRule('dogs', 'tweet-pipes');
    for (const n of [1, 2, 3, 4, 5]) x.addRule(`left ${n}`, `tweet-pipes:0000000${n}`);
    await (await fixture.open()).close();
    expect(fixture.notices[0]).toMatch(
      /^X holds 5 rules of earlier runs that were killed; --remove-leftovers removes them\./,
    );
    expect(x.rules).toHaveLength(6);
    fixture = new TwitterFixture(x, { removesLeftovers: true });
    await (await fixture.open()).close();
    expect(fixture.notices).toContain('Removed 5 rules of earlier runs.');
    expect(x.rules).toEqual([theirs]);
  });

  it('that X refuses are named with its explanation, and none is left behind', async () => {
    fixture = new TwitterFixture(x, { keywords: ['cats'], rules: ['dogs bounding_box:'] });
    expect((await failure()).message).toMatch(
      /^X refuses a rule:\n {2}dogs bounding_box:\n {4}UnprocessableEntity: Reference to invalid operator 'bounding_box'\..*\nHow rules are written: https/,
    );
    expect([x.rules, x.streams]).toEqual([[], []]);
  });

  it('are removed also when the answer that they were made is lost', async () => {
    x.turns[`POST ${rulesPath}`] = ['cut-after'];
    const source = await fixture.open();
    expect(x.rules).toHaveLength(1);
    expect(fixture.clock.waitsMs).toEqual([250]);
    await source.close();
    expect(x.rules).toEqual([]);
  });

  it('wait until X lets them be changed again', async () => {
    const reset = String(fixture.clock.now() / 1000 + 90);
    const headers = { 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset };
    x.turns[`POST ${rulesPath}`] = [{ status: 429, headers, body: { title: 'Too Many Requests' } }];
    await fixture.open();
    expect(fixture.clock.waitsMs).toEqual([91_000]);
    expect(fixture.notices).toEqual(['X limits the rate (429 Too Many Requests). Trying again in 91 s.']);
  });

  it('are requested again, on another connection, when X does not answer', async () => {
    x.turns[`GET ${rulesPath}`] = ['silence'];
    const opening = fixture.open();
    await x.until(() => x.hanging === 1 && fixture.clock.isListening);
    fixture.clock.passSilence();
    await opening;
    await x.until(() => x.hanging === 0);
    expect(fixture.notices).toEqual(['X did not answer within 21 s. Trying again in 0.25 s.']);
  });

  it('that cannot be removed are named with the way to remove them', async () => {
    const source = await fixture.open();
    x.turns[`GET ${rulesPath}`] = [{ status: 503 }, { status: 503 }, { status: 503 }];
    expect((await failure(source.close().then(() => source))).message).toMatch(
      /^X may still hold the rules of this run \(tag tweet-pipes:[0-9a-f]{8}\): X answers 503\.\n--remove-leftovers/,
    );
  });
});

describe('the posts', () => {
  it('come with what the hashtags of retweets, quotes and long posts and the names of users need, as X wrote them', async () => {
    await fixture.open();
    const [retweeted, quoted] = [
      { id: '10', text: 'the whole text #retweeted', entities: { hashtags: [{ tag: 'retweeted' }] } },
      { id: '11', text: 'q', note_tweet: { text: 'long', entities: { hashtags: [{ tag: 'quoted' }] } } },
    ];
    const post = {
      id: '1',
      text: 'RT @a: the who…',
      created_at: '2026-08-01T00:00:00.000Z',
      lang: 'en',
      author_id: '7',
      note_tweet: { text: 'long', entities: { hashtags: [{ tag: 'long' }] } },
      entities: { hashtags: [] },
      referenced_tweets: [
        { type: 'retweeted', id: '10' },
        { type: 'quoted', id: '11' },
      ],
      public_metrics: { like_count: 1 },
    };
    const included = { tweets: [retweeted, quoted], users: [{ id: '7', name: 'N', username: 'name' }] };
    x.stream.post(post, included);
    const { public_metrics: _unasked, ...asked } = post;
    expect(JSON.parse((await fixture.next()) ?? '')).toEqual({
      data: { edit_history_tweet_ids: ['1'], ...asked },
      includes: included,
      matching_rules: x.rules.map(({ id, tag }) => ({ id, tag })),
    });
  });

  it.each([
    ['gzipped', true],
    ['plain', false],
  ])('arrive whole when a chunk ends inside a character (%s)', async (_name, gzips) => {
    x.gzips = gzips;
    await fixture.open();
    expect(x.stream.isGzipped).toBe(gzips);
    const text = '𝕏 ひらがな กรุงเทพ їжачок 👩‍👩‍👧';
    const bytes = Buffer.from(`${JSON.stringify(x.stream.envelope({ id: '1', text }))}\r\n`);
    const sending = (async () => {
      for (const byte of bytes) {
        x.stream.raw(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const { data } = JSON.parse((await fixture.next()) ?? '');
    await sending;
    expect(data.text).toBe(text);
  });

  it('may come with errors about posts that are gone', async () => {
    await fixture.open();
    const errors = [{ title: 'Not Found Error', type: 'https://api.x.com/2/problems/resource-not-found' }];
    x.stream.raw(`${JSON.stringify({ ...x.stream.envelope({ id: '1', text: '' }), errors })}\r\n`);
    expect(JSON.parse((await fixture.next()) ?? '')).toMatchObject({ data: { id: '1' }, errors });
    expect(x.streams).toHaveLength(1);
  });

  it('go on after messages of unknown types, which are kept, and after keep-alives, which are not', async () => {
    await fixture.open();
    x.stream.keepAlive();
    x.stream.raw('{"system":{"news":1}}\r\n\r\nno json\r\n');
    x.stream.post({ id: '1', text: '' });
    expect([await fixture.next(), await fixture.next()]).toEqual(['{"system":{"news":1}}', 'no json']);
    expect(await fixture.ids(1)).toEqual(['1']);
  });

  it('cause backpressure at X while they are not read', async () => {
    x.gzips = false;
    await fixture.open();
    const post = Buffer.from(`${JSON.stringify(x.stream.envelope({ id: '1', text: 'x'.repeat(100_000) }))}\r\n`);
    for (let n = 0; n < 300; n += 1) x.stream.raw(post);
    expect(await fixture.ids(1)).toEqual(['1']);
    for (let turns = 0; turns < 1000; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(x.stream.backlog).toBeGreaterThan(10_000_000);
    expect(await fixture.ids(299)).toHaveLength(299);
    expect(x.stream.backlog).toBe(0);
  });

  it('are counted and priced', async () => {
    fixture = new TwitterFixture(x, { pricePerRead: 0.01 });
    const source = await fixture.open();
    expect(String(source.cost)).toBe('about 0.00 USD');
    for (const id of ['1', '2', '3']) x.stream.post({ id, text: '' });
    await fixture.ids(3);
    expect([source.cost.posts, source.cost.dollars, String(source.cost)]).toEqual([3, 0.03, 'about 0.030 USD']);
  });
});

describe('a connection', () => {
  const shutdown = { title: 'operational-disconnect', detail: 'Bye.', type: problem('operational-disconnect') };
  const refusal = `${JSON.stringify({ errors: [shutdown] })}\r\n`;

  it.each<[string, (stream: FakeStream) => void]>([
    ['a post', (stream) => stream.post({ id: '1', text: '' })],
    ['a message of an unknown type', (stream) => stream.raw('{"system":{"news":1}}\r\n')],
    ['a keep-alive', (stream) => stream.keepAlive()],
  ])('is there when X sends %s, not when it accepts one', async (_name, send) => {
    x.turns[`GET ${streamPath}`] = [{ status: 503 }];
    await fixture.open();
    const next = fixture.next();
    await x.until(() => x.streams.length === 1);
    x.stream.raw(refusal);
    x.stream.end();
    await x.until(() => x.streams.length === 2);
    const refused = [
      'X answers 503. Connecting again in 5 s.',
      'X ended the connection (operational-disconnect: Bye). Connecting again in 0.25 s.',
    ];
    expect(fixture.notices).toEqual(refused);
    send(x.stream);
    await x.until(() => fixture.notices.length > 2);
    expect(fixture.notices).toEqual([...refused, 'Connected.']);
    x.stream.post({ id: '2', text: '' });
    await next;
    expect(fixture.notices).toHaveLength(3);
  });
});

describe('a lost connection', () => {
  it('is made again after operational disconnects, orderly ends and cuts, 250 ms later each time', async () => {
    await fixture.open();
    const ends = [() => x.stream.operationalDisconnect(), () => x.stream.end(), () => x.stream.cut()];
    for (const [n, end] of ends.entries()) {
      x.stream.post({ id: `before ${n}`, text: '' });
      expect(await fixture.ids(1)).toEqual([`before ${n}`]);
      const next = fixture.ids(1);
      end();
      await x.until(() => x.streams.length === n + 2);
      x.stream.post({ id: `after ${n}`, text: '' });
      expect(await next).toEqual([`after ${n}`]);
    }
    expect(fixture.clock.waitsMs).toEqual([250, 500, 750]);
    expect(fixture.notices.slice(0, 4)).toEqual([
      'Connected.',
      'X ended the connection (operational-disconnect: This stream has been disconnected upstream for operational reasons). Connecting again in 0.25 s.',
      'Connected to X again after 0.25 s; posts from in between are lost.',
      'X closed the connection. Connecting again in 0.5 s.',
    ]);
  });

  it('is one that was silent for longer than X ever is; keep-alives count', async () => {
    await fixture.open();
    const next = fixture.ids(1);
    for (let keepAlives = 0; keepAlives < 3; keepAlives += 1) {
      await x.until(() => fixture.clock.isListening);
      const { listenings } = fixture.clock;
      fixture.clock.pass(20_000);
      x.stream.keepAlive();
      await x.until(() => fixture.clock.listenings > listenings);
    }
    expect(x.streams).toHaveLength(1);
    await x.until(() => fixture.clock.isListening);
    fixture.clock.passSilence();
    await x.until(() => x.streams.length === 2);
    x.stream.post({ id: '1', text: '' });
    expect(await next).toEqual(['1']);
    expect(x.streams.map(({ isOpen }) => isOpen)).toEqual([false, true]);
    expect(fixture.notices[1]).toBe('Nothing came from X for 21 s. Connecting again in 0.25 s.');
  });

  it('resets the back-off after a stable connection', async () => {
    await fixture.open();
    for (const n of [1, 2, 3]) {
      const next = fixture.ids(1);
      if (n === 3) fixture.clock.pass(60_000);
      x.stream.cut();
      await x.until(() => x.streams.length === n + 1);
      x.stream.post({ id: String(n), text: '' });
      await next;
    }
    expect(fixture.clock.waitsMs).toEqual([250, 500, 250]);
  });

  it('drops an incomplete message, and reports it', async () => {
    await fixture.open();
    x.stream.raw('{"data":{"id":"half"');
    const next = fixture.ids(1);
    await new Promise((resolve) => setImmediate(resolve));
    x.stream.end();
    await x.until(() => x.streams.length === 2);
    x.stream.post({ id: 'whole', text: '' });
    expect(await next).toEqual(['whole']);
    expect(fixture.notices[0]).toBe('The connection ended within a message, which is lost (20 bytes received).');
  });

  it.each<[string, Turn[], number[]]>([
    [
      '5 s doubling to 320 s after HTTP errors',
      Array.from({ length: 8 }, () => ({ status: 503 })),
      [5, 10, 20, 40, 80, 160, 320, 320],
    ],
    [
      'the same for a page of a proxy that claims to be JSON',
      [{ status: 502, body: '<html>', headers: { 'content-type': 'application/json' } }],
      [5],
    ],
    [
      'a minute doubling after a 429 that does not say when',
      [{ status: 429 }, { status: 429 }, { status: 429 }],
      [60, 120, 240],
    ],
    ['0.25 s when it is cut before an answer', ['cut', 'cut'], [0.25, 0.5]],
  ])('waits %s', async (_name, turns, seconds) => {
    expect(await afterTurns(turns)).toEqual(seconds.map((s) => s * 1000));
  });

  it("waits until the reset that a 429 names, by X's clock and not ours", async () => {
    const skewMs = 3_600_000;
    x.now = () => fixture.clock.now() + skewMs;
    const headers = {
      'x-rate-limit-limit': '50',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String((fixture.clock.now() + skewMs) / 1000 + 600),
    };
    expect(await afterTurns([{ status: 429, headers }])).toEqual([601_000]);
  });

  it('waits a minute after a 429 for another limit than the one of its header', async () => {
    const reset = String(fixture.clock.now() / 1000 + 600);
    const headers = { 'x-rate-limit-limit': '50', 'x-rate-limit-remaining': '48', 'x-rate-limit-reset': reset };
    expect(await afterTurns([{ status: 429, headers }])).toEqual([60_000]);
  });

  it('is given up when X does not even answer', async () => {
    x.turns[`GET ${streamPath}`] = ['silence'];
    const opening = fixture.open();
    await x.until(() => x.requests.at(-1) === `GET ${streamPath}` && fixture.clock.isListening);
    fixture.clock.passSilence();
    await opening;
    const next = fixture.ids(1);
    await x.until(() => x.streams.length === 1);
    x.stream.post({ id: '1', text: '' });
    expect([await next, fixture.clock.waitsMs]).toEqual([['1'], [250]]);
  });

  it('does not fill the screen while X is away', async () => {
    await afterTurns(Array.from({ length: 100 }, () => 'cut' as const));
    const { notices, clock } = fixture;
    const minutes = clock.waitsMs.reduce((sum, ms) => sum + ms, 0) / 60_000;
    expect(notices.length).toBeLessThan(minutes + 3);
    expect(notices.at(-1)).toBe('Connected.');
  });
});

describe('a second connection', () => {
  it('is refused at the start with the reason, and leaves no rules behind', async () => {
    const other = new TwitterFixture(x, { keywords: ['dogs'] });
    await other.open();
    expect((await failure()).message).toMatch(
      /^Another program is connected with the credentials of this app, and X allows one connection \(429 ConnectionException: .*\)\. End it first\./,
    );
    expect(x.rules.map(({ value }) => value)).toEqual(['dogs']);
    await other.end();
  });

  it('may be our own lost one if it happens later: X needs a while to notice, so it waits', async () => {
    await fixture.open();
    const taken = { title: 'ConnectionException', connection_issue: 'TooManyConnections' };
    const headers = { 'x-rate-limit-limit': '50', 'x-rate-limit-remaining': '48', 'x-rate-limit-reset': '4102444800' };
    x.turns[`GET ${streamPath}`] = [
      { status: 429, headers, body: taken },
      { status: 429, headers, body: taken },
    ];
    const next = fixture.ids(1);
    x.stream.cut();
    await x.until(() => x.streams.length === 2);
    x.stream.post({ id: '1', text: '' });
    expect([await next, fixture.clock.waitsMs]).toEqual([['1'], [250, 60_000, 120_000]]);
  });
});

describe('what X refuses', () => {
  it.each<[number, object, RegExp]>([
    [
      401,
      { title: 'Unauthorized', detail: 'Unauthorized' },
      /^X refuses the credentials \(401 Unauthorized\): the token or key is wrong/,
    ],
    [
      402,
      { title: 'CreditsDepleted', detail: 'No credits.', type: problem('credits') },
      /^The app's credits or its cap of posts are used up \(402 CreditsDepleted: No credits\)/,
    ],
    [
      403,
      { title: 'Forbidden', detail: 'You currently have access to a subset of endpoints.' },
      /^X refuses access \(403 Forbidden: You currently have access.*\): .*access level/,
    ],
    [
      403,
      { title: 'Client Forbidden', reason: 'client-not-enrolled', detail: 'Attach.' },
      /^The app has no access to X's API v2 \(403 Client Forbidden: Attach\)/,
    ],
    [
      403,
      { title: 'Unsupported Authentication', type: problem('unsupported-authentication') },
      /^X accepts only the bearer token of an app/,
    ],
    [
      409,
      { title: 'ConnectionException', connection_issue: 'RuleConfigurationIssue' },
      /^X holds no rules for this app any more/,
    ],
    [
      429,
      { title: 'UsageCapExceeded', period: 'Monthly', type: problem('usage-capped') },
      /^The app's credits or its cap of posts are used up/,
    ],
    [
      400,
      { errors: [{ message: 'The query parameter [x] is not valid' }], title: 'Invalid Request' },
      /^X answers 400 Invalid Request; The query/,
    ],
  ])('is explained: %d %j', async (status, body, message) => {
    x.turns[`GET ${streamPath}`] = [{ status, body }];
    expect((await failure()).message).toMatch(message);
    expect([x.rules, fixture.clock.waitsMs]).toEqual([[], []]);
  });

  it('ends an open stream, with the same words', async () => {
    await fixture.open();
    const next = fixture.next();
    x.stream.raw(`${JSON.stringify({ errors: [{ title: 'UsageCapExceeded', detail: 'Monthly product cap.' }] })}\r\n`);
    await expect(next).rejects.toThrow(
      "The app's credits or its cap of posts are used up (UsageCapExceeded: Monthly product cap)",
    );
  });

  it('is reported after three attempts when X cannot be reached at the start', async () => {
    fixture = new TwitterFixture(x, { endpoint: 'http://127.0.0.1:1' });
    expect((await failure()).message).toBe('The connection to X failed: connect ECONNREFUSED 127.0.0.1:1.');
    expect(fixture.clock.waitsMs).toEqual([250, 500]);
  });

  it('is not X, when another server answers', async () => {
    x.turns[`GET ${rulesPath}`] = [{ status: 200, body: '<html>' }];
    expect((await failure()).message).toBe('X gave an unexpected answer to the request for its rules.');
  });

  it.each(['http://example.com', 'ftp://api.x.com', 'api.x.com'])(
    'is a token sent to %s, where others could read it',
    async (endpoint) => {
      fixture = new TwitterFixture(x, { endpoint });
      expect((await failure()).message).toBe(
        `X's API cannot be at "${endpoint}": it must be an https URL, or http on this machine.`,
      );
    },
  );
});

describe('credentials', () => {
  it('of an app are exchanged for a bearer token', async () => {
    fixture = new TwitterFixture(x, { credentials: { kind: 'consumer', ...x.consumer } });
    await fixture.open();
    expect(x.requests[0]).toBe('POST /oauth2/token');
    expect(x.streams).toHaveLength(1);
  });

  it('that X does not know are reported', async () => {
    fixture = new TwitterFixture(x, { credentials: { kind: 'consumer', key: 'wrong', secret: 'wrong too' } });
    expect((await failure()).message).toMatch(/^X refuses .*\(403 Unable to verify your credentials\)/);
  });

  it('are in no error and no notice, even if a server echoes them', async () => {
    const secrets = [x.bearer, x.consumer.key, x.consumer.secret];
    const echo = { title: `Bad ${secrets.join(' ')}`, detail: `Bearer ${x.bearer}` };
    const failures: unknown[] = [];
    for (const turns of [
      { [`GET ${streamPath}`]: [{ status: 401, body: echo }] },
      {
        [`GET ${rulesPath}`]: [
          { status: 500, body: echo },
          { status: 403, body: echo },
        ],
      },
      { [`POST ${rulesPath}`]: [{ status: 201, body: { errors: [echo] } }] },
      {
        'POST /oauth2/token': [
          { status: 403, body: { errors: [{ code: 99, message: `${x.consumer.key} ${x.consumer.secret}` }] } },
        ],
      },
    ]) {
      Object.assign(x.turns, turns);
      fixture = new TwitterFixture(x, { credentials: { kind: 'consumer', ...x.consumer } });
      failures.push(await failure(), fixture.notices);
    }
    fixture = new TwitterFixture(x, { credentials: { kind: 'consumer', ...x.consumer } });
    await fixture.open();
    x.turns[`GET ${streamPath}`] = [
      { status: 503, body: echo },
      { status: 403, body: echo },
    ];
    const next = fixture.next();
    x.stream.cut();
    failures.push(await next.catch((error: unknown) => error), fixture.notices);
    const everything = inspect(failures, { depth: 20, showHidden: true });
    expect(everything).toContain('[secret]');
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });
});

describe('Ctrl-C', () => {
  it.each<[string, () => Promise<void>]>([
    ['nothing comes', () => x.until(() => fixture.clock.isListening)],
    [
      'it waits to connect again',
      async () => {
        fixture.clock.onWait = () => fixture.stop.abort();
        x.stream.cut();
        await x.until(() => fixture.clock.waitsMs.length > 0);
      },
    ],
    [
      'X does not answer',
      async () => {
        x.turns[`GET ${streamPath}`] = ['silence'];
        x.stream.cut();
        await x.until(() => x.requests.filter((request) => request === `GET ${streamPath}`).length === 2);
      },
    ],
  ])('ends the fixture at once while %s, and then removes the rules', async (_name, until) => {
    const source = await fixture.open();
    const next = fixture.next();
    await until();
    fixture.stop.abort();
    expect(await next).toBeUndefined();
    await x.until(() => x.streams.every(({ isOpen }) => !isOpen));
    await source.close();
    expect(x.rules).toEqual([]);
  });

  it('ends a start that waits for X, and leaves no rules behind', async () => {
    x.turns[`GET ${streamPath}`] = ['silence'];
    const opening = failure();
    await x.until(() => x.requests.at(-1) === `GET ${streamPath}` && fixture.clock.isListening);
    fixture.stop.abort();
    expect((await opening).message).toBe('Interrupted.');
    expect(x.rules).toEqual([]);
  });
});
