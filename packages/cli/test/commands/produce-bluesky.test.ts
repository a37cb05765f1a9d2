import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CursorFile } from '@tweet-pipes/producer/sources/bluesky/cursor-file';
import { type App, startApp } from '../../../../test/e2e/app.ts';
import { FakeJetstream, post } from '../../../../test/producer/sources/bluesky/fake-jetstream.ts';
import { until } from '../../../kit/test/until.ts';
import { run } from '../../src/run.ts';
import { type Child, startChild } from '../child.ts';
import { type FakeTerminal, fakeTerminal } from '../fake-terminal.ts';

let app: App;
let jetstream: FakeJetstream;
let folder: string;
let child: Child | undefined;
beforeAll(async () => {
  app = await startApp({ shards: 2, ingestBatchWindowSeconds: 0, archiveBatchWindowSeconds: 0 });
});
afterAll(() => app?.stop());
beforeEach(async () => {
  jetstream = await FakeJetstream.start();
  folder = await mkdtemp(join(tmpdir(), 'bluesky-'));
});
afterEach(async () => {
  child?.process.kill('SIGKILL');
  await jetstream.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({
  AWS_ENDPOINT_URL: app.runtime.endpoint,
  AWS_REGION: 'us-east-1',
  XDG_STATE_HOME: folder,
});
const producing = (...args: string[]) => ['produce', 'bluesky', '--endpoint', jetstream.v2, ...args];

function start(terminal: FakeTerminal, ...args: string[]): Promise<number> {
  return run(producing(...args), terminal);
}

const did = 'did:plc:aaaabbbbccccddddeeeeffff';
const tweets = async () => (await app.stores()).tweets;
const countOf = async (hashtag: string) => (await app.stores()).hashtags.get(hashtag)?.htCount;

describe('produce bluesky', () => {
  it('counts each post once, through an update and a cut, and takes back what was deleted', async () => {
    const terminal = fakeTerminal(environment());
    const ending = start(terminal, '--json');
    await until(() => jetstream.connections.length === 1);
    jetstream.post('1', post('made up #Čas', 'Čas', 'cats'));
    jetstream.post('2', post('made up', 'cats'));
    jetstream.commit({ operation: 'update', rkey: '1', record: post('made up again', 'čas', 'later') });
    jetstream.account('takendown');
    await app.until(() => app.isStored(`${did}/2`));
    jetstream.delete('2');
    jetstream.open.socket.terminate();
    await until(() => jetstream.connections.length === 2);
    jetstream.post('3', post('made up', 'cats'), 'did:plc:gggghhhhiiiijjjjkkkkllll');
    await app.until(() => app.isStored('did:plc:gggghhhhiiiijjjjkkkkllll/3'));
    terminal.interrupt();
    expect(await ending).toBe(0);
    await app.settled();

    const { hashtags, tweets: stored } = await app.stores();
    expect([...hashtags].map(([hashtag, { htCount }]) => [hashtag, htCount]).sort()).toEqual([
      ['cats', 3],
      ['čas', 1],
    ]);
    expect([...stored.keys()].sort()).toEqual([`${did}/1`, 'did:plc:gggghhhhiiiijjjjkkkkllll/3']);
    expect(stored.get(`${did}/1`)).toMatchObject({
      ...{ text: 'made up #Čas', lang: 'en', userId: did, createdAt: '2026-07-31T23:59:59.500Z' },
      hashtags: ['čas', 'cats'],
    });
    expect(JSON.parse(terminal.printed())).toMatchObject({
      lost: 0,
      interrupted: false,
      accountsTakenDown: 2,
      gaps: 0,
    });
    expect(terminal.complaints()).toMatch(
      /^Connected to 127\.0\.0\.1:\d+; Ctrl-C stops\.\n127\.0\.0\.1:\d+: The connection was closed\. Connecting to /,
    );
  });

  it('loses nothing and counts nothing twice when it is killed and started again', async () => {
    const cursorFile = new CursorFile(join(folder, 'cursor.json'));
    const args = producing('--stream', app.outputs.TweetStreamName, '--cursor-file', cursorFile.path);
    let posts = 0;
    const postMore = (count: number) => {
      for (const before = posts; posts < before + count; posts += 1) {
        jetstream.post(`killed-${posts}`, post('', 'killed'));
      }
    };
    child = startChild(args, environment());
    await until(() => jetstream.connections.length === 1);
    const startUs = jetstream.nowUs;
    postMore(30);
    // The cursor is written with an event, once a second.
    await until(async () => {
      postMore(1);
      return ((await cursorFile.read()) ?? 0) >= startUs;
    });
    jetstream.delete('killed-0');
    postMore(30);
    child.process.kill('SIGKILL');
    await child.ended;
    postMore(30);
    jetstream.delete(`killed-${posts - 1}`);

    child = startChild(args, environment());
    await child.says(/Continuing at 2026-08-01T.*Z, a little earlier;/);
    const keptUs = await cursorFile.read();
    await until(() => jetstream.connections.length === 2);
    expect(Number(jetstream.connections[1]?.query.get('cursor'))).toBe((keptUs ?? 0) - 10_000_000);
    postMore(10);
    await app.until(() => app.isStored(`${did}/killed-${posts - 1}`));
    child.process.kill('SIGINT');
    const { exitCode, out } = await child.ended;
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(/^Sent \d+ records .*\nBluesky: \d+ posts, 0 updates and \d deletes?; 0 posts did not/),
    ]);
    await app.settled();
    expect(await countOf('killed')).toBe(posts);
    const stored = [...(await tweets()).keys()].filter((id) => id.startsWith(`${did}/killed-`));
    expect(stored).toHaveLength(posts - 2);
  });

  it('catches up at the next start with what was written in between, for the same keywords only', async () => {
    const stopAt = async (rkey: string, ...args: string[]) => {
      const terminal = fakeTerminal(environment());
      const { length } = jetstream.connections;
      const ending = start(terminal, ...args);
      await until(() => jetstream.connections.length > length);
      jetstream.post(rkey, post('pause', 'pause'));
      await app.until(() => app.isStored(`${did}/${rkey}`));
      terminal.interrupt();
      expect(await ending).toBe(0);
      return terminal.complaints();
    };
    expect(await stopAt('pause-1', 'pause')).not.toContain('Continuing');
    for (let n = 0; n < 20; n += 1) jetstream.post(`between-${n}`, post('pause', 'pause'));
    expect(await stopAt('pause-2', 'pause')).toContain('Continuing at');
    expect(await stopAt('pause-3', 'pause', '--from-now')).not.toContain('Continuing');
    expect(await stopAt('pause-4', 'pause', '--langs', 'en')).not.toContain('Continuing');
    expect(await stopAt('pause-5', 'pause', '--langs', 'en', '--cursor-file', join(folder, 'c'))).not.toContain('Cont');
    await app.settled();
    expect(await countOf('pause')).toBe(25);
    expect((await readdir(join(folder, 'tweet-pipes'))).sort()).toHaveLength(2);
  });

  it('stops at a limit; a dry run shows what comes, needs no stream, and keeps no cursor', async () => {
    const terminal = fakeTerminal({ XDG_STATE_HOME: folder });
    const ending = start(terminal, 'dry', '--limit', '2', '--dry-run');
    await until(() => jetstream.connections.length === 1);
    for (const rkey of ['1', '2', '3']) jetstream.post(rkey, post('dry', 'dry'));
    expect(await ending).toBe(0);
    const ids = terminal.printed().split('\n');
    expect(ids.map((line) => JSON.parse(line).data.id)).toEqual([`${did}/1`, `${did}/2`]);
    expect(terminal.complaints()).toMatch(/^Connected to .*\n2 records, .*; nothing was sent\.\nBluesky: 2 posts/);
    expect(await readdir(folder)).toEqual([]);
    await until(() => jetstream.connections.every(({ isOpen }) => !isOpen));
  });

  it('answers 2 when something could not be read or is not kept any more', async () => {
    const terminal = fakeTerminal(environment());
    const ending = start(terminal, '--limit', '1');
    await until(() => jetstream.connections.length === 1);
    jetstream.raw('secret');
    jetstream.post('unreadable-1', { text: 7 });
    expect(await ending).toBe(2);
    expect(terminal.complaints()).toContain(
      '1 event could not be read, and left out.\n1 post with a text that is none',
    );
    await app.settled();
    const { quarantine } = await app.stores();
    expect([...quarantine.values()].map(({ reason }) => reason)).toEqual(['wrong-type: text']);
    expect(terminal.printed() + terminal.complaints()).not.toContain('secret');
  });

  it.each<[string, string[], string]>([
    ['an empty keyword', ['cats', ' '], 'error: a keyword is empty'],
    ['no language', ['--langs', 'english!'], 'It must be languages such as en or pt-BR, with commas between them.'],
    ['an endpoint that is none', ['--endpoint', 'https://x'], 'Jetstream cannot be at "https://x": it must be a URL'],
    ['--raw', ['--raw'], "error: unknown option '--raw'"],
    ['a stream that is not there', ['--stream', 'nowhere'], 'There is no stream nowhere at http://127.0.0.1'],
  ])('could not start and says why with %s', async (_name, args, message) => {
    const terminal = fakeTerminal(environment());
    expect(await start(terminal, ...args)).toBe(1);
    expect(terminal.complaints()).toContain(message);
    expect([terminal.printed(), jetstream.connections]).toEqual(['', []]);
  });

  it('does not start with a file in the place of the cursor', async () => {
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'my notes');
    const terminal = fakeTerminal(environment());
    expect(await start(terminal, '--cursor-file', path)).toBe(1);
    expect(terminal.complaints()).toContain(`${path} is not a cursor file of produce bluesky.`);
  });
});
