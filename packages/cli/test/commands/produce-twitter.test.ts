import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type App, startApp } from '../../../../test/e2e/app.ts';
import { FakeX, type Post } from '../../../../test/producer/sources/twitter/fake-x-api.ts';
import { run } from '../../src/run.ts';
import { type Child, startChild } from '../child.ts';
import { type FakeTerminal, fakeTerminal } from '../fake-terminal.ts';

let app: App;
let x: FakeX;
let child: Child | undefined;
beforeAll(async () => {
  app = await startApp({ shards: 2, ingestBatchWindowSeconds: 0, archiveBatchWindowSeconds: 0 });
});
afterAll(() => app?.stop());
beforeEach(async () => {
  x = await FakeX.start();
});
afterEach(async () => {
  child?.process.kill('SIGKILL');
  await x.stop();
});

const environment = () => ({
  AWS_ENDPOINT_URL: app.runtime.endpoint,
  AWS_REGION: 'us-east-1',
  TWITTER_BEARER_TOKEN: x.bearer,
});
const producing = (...args: string[]) => ['produce', 'twitter', '--x-endpoint', x.endpoint, ...args];

function start(terminal: FakeTerminal, ...args: string[]): Promise<number> {
  return run(producing(...args), terminal);
}

/** A post whose hashtags X found. */
function post(id: string, ...hashtags: string[]): Post {
  return {
    id,
    text: hashtags.map((tag) => `#${tag}`).join(' '),
    author_id: '7',
    created_at: '2026-08-01T00:00:00.000Z',
    entities: { hashtags: hashtags.map((tag, n) => ({ start: n, end: n + 1, tag })) },
  };
}

const users = [{ id: '7', name: 'A Name', username: 'a_name' }];

async function counts(): Promise<Record<string, unknown>> {
  const { hashtags } = await app.stores();
  return Object.fromEntries([...hashtags].map(([hashtag, { htCount }]) => [hashtag, htCount]));
}

describe('produce twitter', () => {
  it('counts every hashtag of posts, retweets, quotes and long posts once, through a disconnect and a split character', async () => {
    const terminal = fakeTerminal(environment());
    const ending = start(terminal, '#Їжачок', 'cats', '--json');
    await x.until(() => x.streams.length === 1);
    const first = x.stream;
    first.post(post('1', 'Їжачок', 'cats'), { users });
    const retweeted = post('20', 'whole', 'cats');
    const quoted = post('30', 'notcounted');
    const retweet = {
      ...post('2', 'who'),
      text: 'RT @a: #who…',
      referenced_tweets: [{ type: 'retweeted', id: '20' }],
    };
    const quote = { ...post('3', 'quoting'), referenced_tweets: [{ type: 'quoted', id: '30' }] };
    first.post(retweet, { tweets: [retweeted], users });
    first.post(quote, { tweets: [quoted], users });
    first.post(
      { ...post('4', 'short'), note_tweet: { text: '#long', entities: { hashtags: [{ tag: 'long' }] } } },
      { users },
    );
    const split = Buffer.from(`${JSON.stringify(first.envelope(post('5', 'їжачок')))}\r\n`);
    const middle = split.indexOf('ї') + 1;
    first.raw(split.subarray(0, middle));
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    first.raw(split.subarray(middle));
    first.keepAlive();
    first.operationalDisconnect();
    await x.until(() => x.streams.length === 2);
    // X may send a post again; the pipeline knows it.
    x.stream.post(post('1', 'Їжачок', 'cats'), { users });
    x.stream.post(post('6', 'cats'), { users }, [{ id: '1', value: 'others', tag: 'others' }]);
    x.stream.post(post('7', 'cats'), { users });
    await app.until(() => app.isStored('7'));
    terminal.interrupt();
    expect(await ending).toBe(0);
    await app.settled();

    expect(await counts()).toEqual({ їжачок: 2, cats: 3, whole: 1, quoting: 1, long: 1 });
    const { tweets, quarantine } = await app.stores();
    expect([...tweets.keys()].sort()).toEqual(['1', '2', '3', '4', '5', '7']);
    expect(tweets.get('4')).toMatchObject({
      text: '#long',
      userId: '7',
      userName: 'a_name',
      createdAt: '2026-08-01T00:00:00.000Z',
    });
    expect([...quarantine.keys()]).toEqual([]);
    expect(JSON.parse(terminal.printed())).toMatchObject({
      ...{ sent: 7, lost: 0, interrupted: false, reads: 8, readDollars: 0.04, foreignPosts: 1 },
    });
    expect(terminal.complaints()).toMatch(
      /^Connecting to X; Ctrl-C stops\.\nConnected to X\.\nX ended the connection \(operational-disconnect/,
    );
    expect(x.rules).toEqual([]);
  });

  it('loses and counts twice nothing of what X sends again to a producer that was killed', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `killed-${n}`);
    child = startChild(producing('killed', '--stream', app.outputs.TweetStreamName), environment());
    await x.until(() => x.streams.length === 1);
    for (const id of ids.slice(0, 30)) x.stream.post(post(id, 'killed'));
    await app.until(() => app.isStored('killed-3'));
    child.process.kill('SIGKILL');
    await child.ended;
    await x.until(() => x.streams.every(({ isOpen }) => !isOpen));
    expect(x.rules.map(({ value }) => value)).toEqual(['killed']);

    child = startChild(producing('killed', '--remove-leftovers', '--price-per-read', '0.01'), {
      ...environment(),
      AWS_STREAM_NAME: app.outputs.TweetStreamName,
    });
    await x.until(() => x.streams.length === 2);
    for (const id of ids) x.stream.post(post(id, 'killed'));
    await app.until(() => app.isStored('killed-39'));
    child.process.kill('SIGINT');
    const { exitCode, out, err } = await child.ended;
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(
        /^Sent 40 records \(5\.7 KB\) in \d+\.\d s\.\nRead 40 posts from X for about 0\.400 USD: 0\.01 USD each\. X's developer console has the bill\.\n$/,
      ),
    ]);
    expect(err).toContain('Removed 1 rule of earlier runs.');
    expect(x.rules).toEqual([]);
    await app.settled();
    expect(await counts()).toMatchObject({ killed: 40 });
  });

  it('stops at a limit and takes its rules back; a dry run shows the posts and what they cost, and needs no stream', async () => {
    const terminal = fakeTerminal({ TWITTER_BEARER_TOKEN: x.bearer });
    const ending = start(terminal, 'cats', '--limit', '2', '--dry-run', '--raw');
    await x.until(() => x.streams.length === 1);
    for (const id of ['1', '2']) x.stream.post(post(id, 'dry'));
    expect(await ending).toBe(0);
    expect(
      terminal
        .printed()
        .split('\n')
        .map((line) => JSON.parse(line).data.id),
    ).toEqual(['1', '2']);
    expect(terminal.complaints()).toMatch(
      /^Connecting to X; .*\nConnected to X\.\n2 records, .*; nothing was sent\.\nRead 2 posts from X for about 0\.010 USD/,
    );
    expect(x.rules).toEqual([]);
    await x.until(() => x.streams.every(({ isOpen }) => !isOpen));
  });

  it.each<[string, string[], Record<string, string>, string]>([
    ['no keyword', [], {}, "error: give at least one keyword, or a --rule in X's language"],
    ['an empty keyword', ['cats', ' '], {}, 'error: a keyword or rule is empty'],
    ['no credentials', ['cats'], { TWITTER_BEARER_TOKEN: '' }, 'There are no credentials for X.'],
    [
      'a stream that is not there',
      ['cats', '--stream', 'nowhere'],
      {},
      'There is no stream nowhere at http://127.0.0.1',
    ],
    [
      'a secret under an old name',
      ['cats'],
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_KEY: 'b' },
      'AWS_SECRET_KEY is set, but the AWS SDK ignores it: the variable is AWS_SECRET_ACCESS_KEY.',
    ],
    [
      'a token that X refuses',
      ['cats'],
      { TWITTER_BEARER_TOKEN: 'revoked' },
      'X refuses the credentials (401 Unauthorized)',
    ],
    [
      'a rule that X refuses',
      ['--rule', 'a bounding_box:'],
      {},
      "X refuses a rule:\n  a bounding_box:\n    UnprocessableEntity: Reference to invalid operator 'bounding_box'",
    ],
  ])('could not start and says why with %s', async (_name, args, env, message) => {
    const terminal = fakeTerminal({ ...environment(), ...env });
    expect(await start(terminal, ...args)).toBe(1);
    expect(terminal.complaints()).toContain(message);
    expect([terminal.printed(), x.rules, x.streams]).toEqual(['', [], []]);
  });

  it('answers 2 when X ends it for good, after what came was written', async () => {
    const terminal = fakeTerminal(environment());
    const ending = start(terminal, 'cats');
    await x.until(() => x.streams.length === 1);
    x.stream.post(post('last', 'last'));
    x.stream.raw(`${JSON.stringify({ errors: [{ title: 'UsageCapExceeded', detail: 'Cap.\u001b[2J' }] })}\r\n`);
    expect(await ending).toBe(2);
    expect(terminal.printed()).toMatch(/^Sent 1 record /);
    expect(terminal.complaints()).toMatch(
      /Reading broke off: The app's credits or its cap of posts are used up \(UsageCapExceeded: Cap\. \[2J\)/,
    );
    expect(x.rules).toEqual([]);
  });
});
