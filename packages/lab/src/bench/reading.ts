import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGunzip, createZstdDecompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { fileSource } from '@tweet-pipes/producer/sources/file';
import { Measurements } from './measurements.ts';
import { tweetsForShards } from './records.ts';
import type { BenchContext, Subject } from './subject.ts';

const count = 40_000;
const lines = 'JSON lines';
const execute = promisify(execFile);

/** How fast `produce file` reads tweets in each form and container, without sending them. */
export const reading: Subject = {
  name: 'reading',
  description: 'tweets from files: each form and container beside JSON lines, and beside unpacking alone',
  async run(context) {
    const { paths, notes } = await writeFiles(context);
    const results = new Measurements();
    const text = (await stat(paths.get(lines) ?? '')).size;
    context.doing('warm up');
    await readTweets(paths.get(lines) ?? '');
    for (let round = 1; round <= context.rounds; round += 1) {
      context.doing(`round ${round} of ${context.rounds}`);
      for (const [name, path] of paths) {
        context.signal.throwIfAborted();
        const milliseconds = await timed(() => readTweets(path));
        results.add(name, 'tweets/processor s', (count * 1000) / milliseconds);
        if (name === lines) results.add('JSON lines, bytes', 'MB/processor s', text / 1000 / milliseconds);
      }
      for (const [name, unpack] of unpackers) {
        const milliseconds = await timed(() => drain(createReadStream(paths.get(name) ?? '').pipe(unpack())));
        results.add(`${name}, unpacked by Node alone`, 'tweets/processor s', (count * 1000) / milliseconds);
      }
    }
    for (const name of paths.keys()) if (name !== lines) results.ratio(`${name}, against JSON lines`, name, lines);
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

const unpackers = [
  ['gzip', createGunzip],
  ['zstandard', createZstdDecompress],
] as const;

/** Milliseconds of processor time, all threads: other load on the machine hardly affects it. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function readTweets(path: string): Promise<void> {
  const source = await fileSource([path]);
  let records = 0;
  for await (const _ of source.records()) records += 1;
  if (records !== count) throw new Error(`${path} gave ${records} records, so the comparison is void.`);
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks);
}

/** The same tweets in every form. What needs a program that this machine lacks is left out and named. */
async function writeFiles({ folder, doing }: BenchContext) {
  doing('write the files');
  const texts = formsOf(await generatedTweets());
  const paths = new Map(Object.keys(texts).map((name, index) => [name, join(folder, `tweets-${index}.txt`)]));
  for (const [name, path] of paths) await writeFile(path, texts[name] ?? '');
  const plain = paths.get(lines) ?? '';
  const content = await readFile(plain);
  for (const [name, packed] of [
    ['gzip', gzipSync(content)],
    ['zstandard', zstdCompressSync(content)],
  ] as const) {
    paths.set(name, `${plain}.${name}`);
    await writeFile(`${plain}.${name}`, packed);
  }
  const notes: string[] = [];
  for (const [name, program, args] of [
    ['bzip2', 'bzip2', ['--keep', plain]],
    ['tar', 'tar', ['-cf', `${plain}.tar`, '-C', folder, 'tweets-0.txt']],
    ['zip', 'zip', ['-q', '-j', `${plain}.zip`, plain]],
  ] as const) {
    const path = name === 'bzip2' ? `${plain}.bz2` : `${plain}.${name}`;
    try {
      await execute(program, args);
      paths.set(name, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      notes.push(`${name} was not measured: this machine has no program ${program}.`);
    }
  }
  return { paths, notes };
}

async function generatedTweets(): Promise<JsonObject[]> {
  const records = await tweetsForShards({ form: 'raw', seed: 1, shards: 1, perShard: count });
  return records.map(({ data }) => JSON.parse(Buffer.from(data).toString('utf8'))).filter(isJsonObject);
}

function formsOf(tweets: readonly JsonObject[]): Record<string, string> {
  const json = (values: readonly unknown[]) => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;
  const bodies = tweets.map((tweet) => (isJsonObject(tweet.data) ? tweet.data : tweet));
  const rows = bodies.map((body) => ({ id: idOf(body), text: 'made up #reading', user: 'someone' }));
  return {
    [lines]: json(tweets),
    'an array': JSON.stringify(tweets),
    'a pretty array': JSON.stringify(tweets, null, 2),
    'JSON in texts': json(tweets.map((tweet) => JSON.stringify(tweet))),
    "X's archive": `window.YTD.tweets.part0 = ${JSON.stringify(
      bodies.map((tweet) => ({ tweet })),
      null,
      2,
    )}`,
    elasticdump: json(bodies.map((_source, index) => ({ _index: 'tweets', _id: index, _source }))),
    mongoexport: json(bodies.map((body) => ({ _id: { $oid: '5f' }, ...body }))),
    'snscrape, numeric ids': rows.map(({ id, text }) => `{"id":${id},"rawContent":"${text}"}\n`).join(''),
    CSV: `id,text,user\n${rows.map(({ id, text, user }) => `${id},"${text}",${user}\n`).join('')}`,
  };
}

function idOf({ id_str, id }: JsonObject): string {
  return String(id_str ?? id);
}
