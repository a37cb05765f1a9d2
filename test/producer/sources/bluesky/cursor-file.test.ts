import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CursorFile } from '@tweet-pipes/producer/sources/bluesky/cursor-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cursor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the cursor file', () => {
  it('is there after it was written, for its owner alone, and nothing beside it', async () => {
    const file = new CursorFile(join(folder, 'new', 'cursor.json'));
    expect(await file.read()).toBeUndefined();
    await file.write(1725911162329308);
    await file.write(1725911162329309);
    expect(await file.read()).toBe(1725911162329309);
    expect(await readdir(join(folder, 'new'))).toEqual(['cursor.json']);
    expect(await readFile(file.path, 'utf8')).toBe('{"timeUs":1725911162329309,"time":"2024-09-09T19:46:02.329Z"}\n');
    if (process.platform !== 'win32') expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  });

  it('stays as it was when the next one cannot be written', async () => {
    const file = new CursorFile(join(folder, 'cursor.json'));
    await file.write(7);
    // A folder in the place of the file that is written first.
    await rm(`${file.path}.new`, { force: true });
    await new CursorFile(join(`${file.path}.new`, 'x')).read();
    await expect(file.write(8)).rejects.toThrow(/^The cursor file .*cursor\.json cannot be written: E\w+\.$/);
    expect(await file.read()).toBe(7);
  });

  it.each(['', 'null', '{"timeUs":"7"}', '{"timeUs":-1}', '{"timeUs":1.5}', '7'])('is not %j', async (content) => {
    const path = join(folder, 'cursor.json');
    await writeFile(path, content);
    await expect(new CursorFile(path).read()).rejects.toThrow(
      /is not a cursor file of produce bluesky\. Remove it, name another with --cursor-file, or start/,
    );
  });

  it('cannot be where there is no folder to be', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(new CursorFile(join(folder, 'file', 'cursor.json')).read()).rejects.toThrow(
      /cannot be written: E\w+\. --cursor-file names another place\.$/,
    );
  });
});
