import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openBlueskySource } from '@tweet-pipes/producer/sources/bluesky/bluesky';
import { CursorFile } from '@tweet-pipes/producer/sources/bluesky/cursor-file';
import { publicEndpoints } from '@tweet-pipes/producer/sources/bluesky/endpoint';
import fc from 'fast-check';
import { until } from '../../../../packages/kit/test/until.ts';
import { BlueskyFixture } from './bluesky-fixture.ts';
import { FakeJetstream, post } from './fake-jetstream.ts';

let jetstream: FakeJetstream;
let folder: string;
let fixture: BlueskyFixture;
beforeEach(async () => {
  jetstream = await FakeJetstream.start();
  folder = await mkdtemp(join(tmpdir(), 'bluesky-'));
  fixture = new BlueskyFixture([jetstream.v2]);
});
afterEach(async () => {
  await fixture.end();
  await jetstream.stop();
  await rm(folder, { recursive: true, force: true });
});

const cursorFile = () => new CursorFile(join(folder, 'cursor.json'));
const host = () => `127.0.0.1:${jetstream.port}`;
const did = 'did:plc:aaaabbbbccccddddeeeeffff';

describe.each(['v1', 'v2'] as const)('Jetstream by %s', (protocol) => {
  beforeEach(() => {
    fixture = new BlueskyFixture([jetstream[protocol]]);
  });

  it('is asked for posts and accounts from now on, and gives tweets and delete notices in order', async () => {
    const reading = await fixture.reading(jetstream, 4);
    expect([...(jetstream.open.query.entries() ?? [])]).toEqual(
      protocol === 'v1'
        ? [
            ['wantedCollections', 'app.bsky.feed.post'],
            ['maxMessageSizeBytes', '4194304'],
          ]
        : [
            ['collections', 'app.bsky.feed.post'],
            ['kinds', 'commit'],
            ['kinds', 'account'],
            ['kinds', 'sync'],
            ['maxMessageSizeBytes', '4194304'],
          ],
    );
    const first = jetstream.post('1');
    jetstream.commit({ operation: 'update', rkey: '1', record: post('made up again') });
    jetstream.event('identity', { did, handle: 'made.up' });
    jetstream.event('weather', { sun: true });
    jetstream.account('deleted');
    jetstream.account(undefined);
    jetstream.delete('1');
    const last = jetstream.post('2');
    expect(await reading.ids).toEqual([first, first, first, last]);
    expect(fixture.connected).toEqual([host()]);
    expect((await fixture.open()).tally().counts).toMatchObject({
      ...{ posts: 2, updates: 1, deletes: 1, unmatched: 0, unreadable: 0, gaps: 0 },
      ...{ accountsDeleted: 1, accountsTakenDown: 0 },
    });
  });

  it('sends a post whose text is not a text for quarantine, and counts it', async () => {
    const reading = await fixture.reading(jetstream, 1);
    const id = jetstream.post('odd', { text: 7 });
    expect(await reading.ids).toEqual([id]);
    const { counts, problems } = (await fixture.open()).tally();
    expect([counts.withoutText, problems]).toEqual([1, ['1 post with a text that is none, sent for quarantine.']]);
  });

  it('leaves out frames that are no events, and says so without their text', async () => {
    const reading = await fixture.reading(jetstream, 2);
    const first = jetstream.post('1');
    for (const frame of ['{"text":"secret"', '', '[]', '"secret"', '{"secret":1}', 'secret']) jetstream.raw(frame);
    jetstream.raw(Buffer.from([0, 1, 2]));
    const last = jetstream.post('2');
    expect(await reading.ids).toEqual([first, last]);
    const { counts, problems } = (await fixture.open()).tally();
    expect([counts.unreadable, problems]).toEqual([7, ['7 events could not be read, and left out.']]);
    expect(fixture.notices).toHaveLength(6);
    expect(fixture.notices[0]).toBe('An event of Jetstream cannot be read: it is not a JSON object. It is left out.');
    expect(fixture.notices[5]).toBe('Further ones are counted, not reported.');
    expect(fixture.notices.join()).not.toContain('secret');
  });

  it('is asked again from a little before the last event when the connection is cut, so nothing is missing', async () => {
    jetstream.turns = [{ cutAfter: 3 }, { cutAfter: 15, code: 1001 }];
    const reading = await fixture.reading(jetstream, 3);
    const ids = [1, 2, 3].map((n) => jetstream.post(String(n)));
    expect(await reading.ids).toEqual(ids);
    // Each connection repeats ten seconds: 3 events, then 11.
    const rest = fixture.ids(17 + 3 + 11);
    await until(() => jetstream.connections.length === 2);
    for (let n = 4; n <= 20; n += 1) ids.push(jetstream.post(String(n)));
    expect(new Set([...ids.slice(0, 3), ...(await rest)])).toEqual(new Set(ids));
    expect(fixture.clock.waitsMs).toEqual([1000, 2000]);
    expect(fixture.notices).toEqual([
      `${host()}: The connection was closed. Connecting to ${host()} in 1 s.`,
      `Connected to ${host()} after 1 s; it continues where it stopped.`,
      `${host()}: The connection was closed (1001: made up). Connecting to ${host()} in 2 s.`,
      `Connected to ${host()} after 2 s; it continues where it stopped.`,
    ]);
  });

  it('says what is missing when it does not keep the events any more', async () => {
    const file = cursorFile();
    await file.write(jetstream.nowUs);
    jetstream.nowUs += 7_200_000_000;
    jetstream.floorUs = jetstream.nowUs;
    const id = jetstream.post('1');
    fixture = new BlueskyFixture([jetstream[protocol]], { cursorFile: file });
    expect(await fixture.ids(1)).toEqual([id]);
    expect(fixture.notices).toEqual([
      'Continuing at 2026-08-01T00:00:00.000Z, a little earlier; --from-now starts at the present.',
      'Jetstream has no events from 2026-07-31T23:59:50.000Z to 2026-08-01T02:00:00.000Z any more: it keeps about a day. They are missing.',
    ]);
    const { counts, problems } = (await fixture.open()).tally();
    expect([counts.gaps, problems]).toEqual([1, ['Events are missing once.']]);
  });
});

describe('a pause after the cursor', () => {
  it.each([
    ['v1', 1],
    ['v2', 0],
  ] as const)('by %s means %i gaps: only the newer protocol says it', async (protocol, gaps) => {
    const file = cursorFile();
    await file.write(jetstream.nowUs);
    jetstream.nowUs += 7_200_000_000;
    jetstream.post('1');
    fixture = new BlueskyFixture([jetstream[protocol]], { cursorFile: file });
    await fixture.ids(1);
    expect((await fixture.open()).tally().counts.gaps).toBe(gaps);
  });
});

describe('instances', () => {
  it('are tried in turn, with longer waits, when they refuse, are silent or break off', async () => {
    const other = await FakeJetstream.start();
    try {
      jetstream.turns = [
        { status: 503 },
        { status: 400, body: '{"error":"InvalidRequest","message":"made\\nup"}' },
        { cutAfter: 0 },
      ];
      other.turns = ['silence', { status: 429 }];
      fixture = new BlueskyFixture([jetstream.v2, other.v1]);
      const ids = fixture.ids(1);
      await until(() => other.connections.length === 1 && fixture.clock.isListening);
      await until(() => fixture.clock.listenings > 1);
      fixture.clock.passSilence();
      await until(() => other.connections.length === 2);
      const id = other.post('1');
      expect(await ids).toEqual([id]);
      const [a, b] = [host(), `127.0.0.1:${other.port}`];
      expect(fixture.notices).toEqual([
        `${a}: The server answers 503. Connecting to ${b} in 1 s.`,
        `${b}: Nothing came for 30 s. Connecting to ${a} in 2 s.`,
        `${a}: The server answers 400 InvalidRequest: made up. Connecting to ${b} in 4 s.`,
        `${b}: The server answers 429. Connecting to ${a} in 8 s.`,
        `${a}: The connection was closed. Connecting to ${b} in 16 s.`,
      ]);
      expect(fixture.connected).toEqual([b]);
    } finally {
      await fixture.end();
      await other.stop();
    }
  });

  it('that nobody runs are named, not more often than once a minute, and the wait stays below a minute', async () => {
    await jetstream.stop();
    const running = fixture.next();
    await until(() => fixture.clock.waitsMs.length > 20);
    fixture.kill();
    expect(await running).toBeUndefined();
    expect(fixture.clock.waitsMs.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1000));
    expect(fixture.notices[0]).toMatch(/^127\.0\.0\.1:\d+: The connection failed: .*ECONNREFUSED.*\. Connecting to/);
    expect(fixture.notices.length).toBeLessThan(20);
    jetstream = await FakeJetstream.start();
  });

  it('that worked for a while are used again after a cut', async () => {
    const other = await FakeJetstream.start();
    try {
      fixture = new BlueskyFixture([jetstream.v2, other.v2]);
      const reading = await fixture.reading(jetstream, 1);
      jetstream.post('1');
      await reading.ids;
      fixture.clock.pass(60_000);
      const next = fixture.ids(2);
      jetstream.open.socket.terminate();
      await until(() => jetstream.connections.length === 2);
      jetstream.post('2');
      expect(await next).toEqual([`${did}/1`, `${did}/2`]);
      expect(other.connections).toEqual([]);
    } finally {
      await fixture.end();
      await other.stop();
    }
  });

  it('end the connection with their reason', async () => {
    const reading = await fixture.reading(jetstream, 1);
    jetstream.raw('{"$type":"error","error":"ConsumerTooSlow","message":"made up"}');
    await until(() => jetstream.connections.length === 2);
    jetstream.post('1');
    expect(await reading.ids).toEqual([`${did}/1`]);
    expect(fixture.notices[0]).toBe(
      `${host()}: The server ends the connection (ConsumerTooSlow: made up). Connecting to ${host()} in 1 s.`,
    );
  });

  it.each(['https://example.com/subscribe', 'wss://example.com', 'wss://example.com/other', 'nonsense'])(
    'are not at %s',
    async (endpoint) => {
      fixture = new BlueskyFixture([endpoint]);
      await expect(fixture.open()).rejects.toThrow(
        `Jetstream cannot be at ${JSON.stringify(endpoint)}: it must be a URL such as wss://host/xrpc/`,
      );
      fixture = new BlueskyFixture([jetstream.v2]);
    },
  );

  it('are public ones unless others are named', async () => {
    const source = await openBlueskySource({
      ...{ keywords: [], langs: [], clock: fixture.clock, random: { next: () => 0, uuid: () => '' } },
      notice: () => {},
    });
    expect(source.tally().problems).toEqual([]);
    expect(publicEndpoints.map((endpoint) => new URL(endpoint).protocol)).toEqual(publicEndpoints.map(() => 'wss:'));
  });
});

describe('a slow reader', () => {
  it('pauses the connection instead of filling memory, and misses nothing', async () => {
    const reading = await fixture.reading(jetstream, 1);
    const [{ socket } = { socket: undefined }] = jetstream.connections;
    const text = 'x'.repeat(3_000);
    const count = 8_000;
    for (let n = 0; n < count; n += 1) jetstream.post(`${n}`, { text });
    expect(await reading.ids).toEqual([`${did}/0`]);
    // What a paused reader leaves is in the buffers of both systems, which are far smaller than what was sent.
    const leftBytes = await stable(() => socket?.bufferedAmount ?? 0);
    expect(leftBytes).toBeGreaterThan(10_000_000);
    const rest = await fixture.ids(count - 1);
    expect([rest.length, rest.at(-1)]).toEqual([count - 1, `${did}/${count - 1}`]);
    expect(jetstream.connections).toHaveLength(1);
  });
});

describe('keywords and languages', () => {
  it('choose posts and updates; every delete comes, since it does not say what was deleted', async () => {
    fixture = new BlueskyFixture([jetstream.v2], { keywords: ['cats', '#dogs'], langs: ['en'] });
    const reading = await fixture.reading(jetstream, 4);
    jetstream.post('1', post('cats'));
    jetstream.post('2', post('neither'));
    jetstream.post('3', { ...post('cats'), langs: ['ja'] });
    jetstream.commit({ operation: 'update', rkey: '1', record: post('neither') });
    jetstream.delete('2');
    jetstream.commit({ operation: 'update', rkey: '3', record: post('cats') });
    jetstream.post('4', post('', 'dogs'));
    expect(await reading.ids).toEqual(['1', '2', '3', '4'].map((rkey) => `${did}/${rkey}`));
    expect((await fixture.open()).tally().counts).toMatchObject({ posts: 2, updates: 1, deletes: 1, unmatched: 3 });
  });
});

describe('accounts', () => {
  it('that are gone are counted by what became of them, and said', async () => {
    const reading = await fixture.reading(jetstream, 1);
    for (const status of ['deleted', 'deleted', 'takendown', 'suspended', 'deactivated', 'future']) {
      jetstream.account(status);
    }
    jetstream.event('sync', { did, rev: '3kaaaaaaaaaaa' });
    jetstream.post('1');
    await reading.ids;
    const { lines, counts } = (await fixture.open()).tally();
    expect(counts).toMatchObject({
      ...{ accountsDeleted: 2, accountsTakenDown: 1, accountsSuspended: 1, accountsDeactivated: 1, accountsOther: 1 },
      resyncs: 1,
    });
    expect(lines[1]).toBe(
      'Accounts: 2 deleted, 1 takendown, 1 suspended, 1 deactivated, 1 other, 1 with a new history. ' +
        'Bluesky does not list their posts, so what is stored of them stays (docs/bring-your-tweets.md).',
    );
  });
});

describe('the cursor', () => {
  it('is written up to what the stream has, and no further', async () => {
    const file = cursorFile();
    fixture = new BlueskyFixture([jetstream.v2], { cursorFile: file });
    const next = fixture.next();
    await until(() => jetstream.connections.length === 1);
    const startUs = jetstream.nowUs;
    for (const rkey of ['1', '2', '3']) jetstream.post(rkey);
    const [first, second, third] = [await next, await fixture.next(), await fixture.next()];
    expect(await file.read()).toBe(startUs - 1);
    first?.onSettled?.('sent');
    third?.onSettled?.('sent');
    await (await fixture.open()).close();
    expect(await file.read()).toBe(startUs);
    second?.onSettled?.('sent');
    await (await fixture.open()).close();
    expect(await file.read()).toBe(startUs + 2_000_000);
  });

  it('is written once a second at most', async () => {
    const file = cursorFile();
    fixture = new BlueskyFixture([jetstream.v2], { cursorFile: file });
    const reading = await fixture.reading(jetstream, 2);
    const startUs = jetstream.nowUs;
    for (const rkey of ['1', '2', '3', '4']) jetstream.post(rkey);
    await reading.ids;
    expect(await file.read()).toBe(startUs - 1);
    fixture.clock.pass(1_000);
    await fixture.ids(1);
    expect(await file.read()).toBe(startUs + 1_000_000);
  });

  it('is where the next start continues, ten seconds early, at any instance and by either protocol', async () => {
    const file = cursorFile();
    const ids = Array.from({ length: 30 }, (_, n) => jetstream.post(String(n)));
    for (const endpoint of [jetstream.v1, jetstream.v2]) {
      await file.write(jetstream.nowUs - 5_000_000);
      fixture = new BlueskyFixture([endpoint], { cursorFile: file });
      expect(await fixture.ids(15)).toEqual(ids.slice(15));
      expect(fixture.notices).toEqual([
        'Continuing at 2026-08-01T00:00:25.000Z, a little earlier; --from-now starts at the present.',
      ]);
      fixture.kill();
    }
  });

  it('is ignored on request, and replaced', async () => {
    const file = cursorFile();
    await file.write(jetstream.nowUs);
    jetstream.post('old');
    fixture = new BlueskyFixture([jetstream.v2], { cursorFile: file, isFromNow: true });
    const reading = await fixture.reading(jetstream, 1);
    expect(jetstream.open.query.has('cursor')).toBe(false);
    const nowUs = jetstream.nowUs;
    jetstream.post('new');
    expect(await reading.ids).toEqual([`${did}/new`]);
    await fixture.end();
    expect(await file.read()).toBe(nowUs);
  });

  it('that cannot be written is said once, and reading goes on', async () => {
    const file = cursorFile();
    await new CursorFile(join(`${file.path}.new`, 'x')).read();
    fixture = new BlueskyFixture([jetstream.v2], { cursorFile: file });
    const reading = await fixture.reading(jetstream, 2);
    jetstream.post('1');
    jetstream.post('2');
    expect(await reading.ids).toHaveLength(2);
    await fixture.end();
    expect(fixture.notices).toHaveLength(1);
    expect(fixture.notices[0]).toMatch(
      /cannot be written: E\w+\. The next start will continue earlier than it could\.$/,
    );
  });

  it('leaves no gap wherever the process is killed and however late records were settled', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ reads: fc.nat(20), settles: fc.nat(20), passesMs: fc.nat(1_500) }), { maxLength: 3 }),
        fc.nat(20),
        async (lives, cutAfter) => {
          run += 1;
          const server = await FakeJetstream.start();
          const file = new CursorFile(join(folder, `cursor-${run}.json`));
          await file.write(server.nowUs);
          const ids = Array.from({ length: 40 }, (_, n) => server.post(String(n)));
          server.turns = [{ cutAfter: cutAfter + 1 }];
          const arrived = new Set<string>();
          for (const { reads, settles, passesMs } of [...lives, { reads: 200, settles: 200, passesMs: 1 }]) {
            const life = new BlueskyFixture([server.v1], { cursorFile: file });
            const held: (() => void)[] = [];
            for (let read = 0; read < reads && !arrived.has(ids.at(-1) ?? ''); read += 1) {
              const record = await life.next();
              life.clock.pass(passesMs);
              held.push(() => {
                arrived.add(record?.partitionKey ?? '');
                record?.onSettled?.('sent');
              });
              if (held.length > 20 - settles) held.shift()?.();
            }
            life.kill();
          }
          await server.stop();
          expect(arrived).toEqual(new Set(ids));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('Ctrl-C', () => {
  it.each([
    ['while nothing comes', []],
    ['while an instance is silent', ['silence' as const]],
  ])('ends reading at once %s', async (_when, turns) => {
    jetstream.turns = turns;
    const reading = await fixture.reading(jetstream, 1);
    fixture.kill();
    expect(await reading.ids).toEqual([]);
    await until(() => jetstream.connections.every(({ socket }) => socket.readyState === socket.CLOSED));
  });
});

/** A value that has not changed for many turns of the event loop. */
async function stable(read: () => number): Promise<number> {
  let [value, turns] = [read(), 0];
  await until(() => {
    const now = read();
    turns = now === value ? turns + 1 : 0;
    value = now;
    return turns > 200;
  });
  return value;
}
