import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeDataFolder } from '../src/data-folder.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'data-'));
  path = join(parent, '.local');
});
afterEach(() => rm(parent, { recursive: true }));

/** A process of its own that takes the folder and holds it until it is killed. */
async function holder(): Promise<ReturnType<typeof spawn>> {
  const script = `
    import { takeDataFolder } from ${JSON.stringify(new URL('../src/data-folder.ts', import.meta.url).href)};
    const folder = await takeDataFolder(${JSON.stringify(path)}, { nowMs: ${nowMs} });
    await folder.announce('http://127.0.0.1:4566');
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  return child;
}

/** The names at the top of a data folder, as the sources of the runtime's parts have them. */
async function entriesInSources(): Promise<string[]> {
  const folder = new URL('../src/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/join\([\w.#]*dataFolder,\s*'([^']+)'/g)].flatMap(([, name]) => name ?? []),
  );
  // A JSON file has a temporary one beside it while it is written.
  return [...new Set(names.flatMap((name) => (name.endsWith('.json') ? [name, `${name}.new`] : name)))];
}

describe('a data folder', () => {
  it('takes what every part of the runtime leaves in it', async () => {
    const entries = await entriesInSources();
    expect(entries).toEqual(expect.arrayContaining(['pipes', 'glue', 'stacks', 'iam.json.new']));
    await mkdir(path);
    await Promise.all(entries.map((entry) => writeFile(join(path, entry), '')));
    (await takeDataFolder(path, { nowMs })).release();
  });

  it('is for its owner alone, also one that was open before', async () => {
    await mkdir(path, { mode: 0o755 });
    await chmod(path, 0o777);
    (await takeDataFolder(path, { nowMs })).release();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('is created, ignored by git, and free again after its release', async () => {
    const first = await takeDataFolder(path, { nowMs });
    expect(first.path).toBe(path);
    expect(await readdir(path)).toEqual(expect.arrayContaining(['.gitignore', 'lock.sqlite', 'owner.json']));
    first.release();
    first.release();
    (await takeDataFolder(path, { nowMs })).release();
  });

  it('is new until it has been used, and once it is emptied', async () => {
    const take = async (fresh = false) => {
      const folder = await takeDataFolder(path, { fresh, nowMs });
      folder.release();
      return folder.isNew;
    };
    expect([await take(), await take(), await take(true), await take()]).toEqual([true, false, true, false]);
    await rm(path, { recursive: true });
    await mkdir(join(path, 'kinesis'), { recursive: true });
    expect(await take()).toBe(false);
  });

  it('has one owner at a time, also within a process', async () => {
    const first = await takeDataFolder(path, { nowMs });
    await expect(takeDataFolder(path, { nowMs })).rejects.toMatchObject({ name: 'DataFolderError' });
    first.release();
  });

  it('in use is refused with its owner, and is free after the owner was killed', async () => {
    const child = await holder();
    try {
      await expect(takeDataFolder(path, { fresh: true, nowMs })).rejects.toThrow(
        `${path} is in use by the runtime with process id ${child.pid}, started 2026-01-01T00:00:00.000Z, at http://127.0.0.1:4566. Stop it`,
      );
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    (await takeDataFolder(path, { nowMs })).release();
  });

  it('with foreign files is refused and left unchanged, fresh or not', async () => {
    await mkdir(join(path, 'kinesis'), { recursive: true });
    await writeFile(join(path, 'thesis.txt'), 'precious');
    for (const fresh of [true, false]) {
      await expect(takeDataFolder(path, { fresh, nowMs })).rejects.toThrow(
        /not the runtime's \(thesis\.txt\)\. Choose an empty/,
      );
    }
    expect(await readdir(path)).toEqual(['kinesis', 'thesis.txt']);
  });

  it('is emptied by fresh only', async () => {
    await mkdir(join(path, 'pipes/Ingest'), { recursive: true });
    await writeFile(join(path, 'dynamodb.sqlite'), '');
    (await takeDataFolder(path, { nowMs })).release();
    expect(await readdir(path)).toEqual(expect.arrayContaining(['dynamodb.sqlite', 'pipes']));
    (await takeDataFolder(path, { fresh: true, nowMs })).release();
    expect((await readdir(path)).sort()).toEqual(['.gitignore', 'lock.sqlite', 'owner.json']);
  });

  it('that cannot be made is refused with the reason and a remedy', async () => {
    await symlink(join(parent, 'nowhere', 'deeper'), path);
    const taken = takeDataFolder(path, { nowMs });
    await expect(taken).rejects.toMatchObject({ name: 'DataFolderError' });
    await expect(taken).rejects.toThrow(/\.local cannot be used as data folder: E.*with --data\./);
  });

  it('in a place that takes no folders is refused too', async () => {
    // Linux says ENOENT there, which sends Node's recursive mkdir round for ever.
    await expect(takeDataFolder('/proc/nowhere/deeper', { nowMs })).rejects.toThrow(
      /deeper cannot be used as data folder: E.*with --data\./,
    );
  });

  it('that is a file, or whose lock is damaged, is refused with the reason', async () => {
    await writeFile(path, '');
    await expect(takeDataFolder(path, { nowMs })).rejects.toThrow(/cannot be used as data folder: ENOTDIR/);
    await rm(path);
    await mkdir(path);
    await writeFile(
      join(path, 'lock.sqlite'),
      'this is no database, and longer than a header of one would be '.repeat(20),
    );
    await expect(takeDataFolder(path, { nowMs })).rejects.toThrow(/lock\.sqlite cannot be opened .*Delete it/);
  });
});
