import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { create, type Fixture, put, startFixture, texts, until } from './fixture.ts';

const lines = {
  ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
  CompressionFormat: 'GZIP',
};
let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.stop());

/** A process that puts two records, lets the buffer's time pass, and is killed where `store` is hooked. */
const runUntilKilled = async (): Promise<void> => {
  const first = fixture.service(fixture.dataFolder);
  await create(first, 'Clicks', lines);
  await put(first, 'Clicks', 'a', 'b');
  await fixture.clock.advance(300_000);
};

/** Runs the next process on the folder of the killed one. */
const restart = async (folder: string): Promise<void> => {
  const second = fixture.service(folder);
  await create(second, 'Clicks', lines);
  await until(async () => (await second.pending()).length === 0);
  expect(await readdir(join(folder, 'firehose', 'Clicks'))).toEqual([]);
};

describe('after kill -9', () => {
  it('delivers what was acknowledged and not flushed', async () => {
    const first = fixture.service(fixture.dataFolder);
    await create(first, 'Clicks', lines);
    await put(first, 'Clicks', 'a', 'b');
    const folder = await fixture.snapshot();

    await restart(folder);

    expect(Object.values(await texts(fixture))).toEqual(['a\nb\n']);
  });

  it('puts the object under the key that was chosen, when killed before the put', async () => {
    let folder = '';
    const keys: string[] = [];
    fixture.store.beforePut = async (key) => {
      keys.push(key);
      if (folder !== '') return;
      folder = await fixture.snapshot();
      throw new Error('killed');
    };
    await runUntilKilled();
    await until(() => folder !== '');

    await restart(folder);

    expect(keys[1]).toBe(keys[0]);
    expect(await texts(fixture)).toEqual({ [keys[0] ?? '']: 'a\nb\n' });
  });

  it('overwrites the object with the same bytes, when killed after the put', async () => {
    let folder = '';
    let before = new Map<string, Buffer>();
    fixture.store.afterPut = async () => {
      if (folder !== '') return;
      before = await fixture.store.objects();
      folder = await fixture.snapshot();
      throw new Error('killed');
    };
    await runUntilKilled();
    await until(() => folder !== '');
    await restart(folder);

    expect(before.size).toBe(1);
    expect(await fixture.store.objects()).toEqual(before);
  });

  it('replays as planned even if the definition has changed since', async () => {
    let folder = '';
    fixture.store.afterPut = async () => {
      if (folder !== '') return;
      folder = await fixture.snapshot();
      throw new Error('killed');
    };
    await runUntilKilled();
    await until(() => folder !== '');
    const before = await fixture.store.objects();

    const second = fixture.service(folder);
    await create(second, 'Clicks', { Prefix: 'elsewhere/', CompressionFormat: 'UNCOMPRESSED' });
    await until(async () => (await second.pending()).length === 0);

    expect(await fixture.store.objects()).toEqual(before);
  });

  it('keeps the arrival time of the oldest record in the key, not the time of the restart', async () => {
    const first = fixture.service(fixture.dataFolder);
    await create(first, 'Clicks');
    await put(first, 'Clicks', 'a');
    await fixture.clock.advance(100_000);
    await put(first, 'Clicks', 'b');
    const folder = await fixture.snapshot();
    await fixture.clock.advance(86_400_000);
    await until(async () => (await first.pending()).length === 0);

    await restart(folder);

    for (const key of (await fixture.store.objects()).keys())
      expect(key).toMatch(/^2026\/03\/01\/10\/Clicks-1-2026-03-01-10-20-30-/);
  });

  it('delivers a journal whose last batch was torn, without that batch', async () => {
    const first = fixture.service(fixture.dataFolder);
    await create(first, 'Clicks', lines);
    await put(first, 'Clicks', 'acknowledged');
    await put(first, 'Clicks', 'torn');
    const folder = await fixture.snapshot();
    const path = join(folder, 'firehose', 'Clicks', '00000001.journal');
    await writeFile(path, (await readFile(path)).subarray(0, -2));

    await restart(folder);

    expect(Object.values(await texts(fixture))).toEqual(['acknowledged\n']);
  });

  it('rejects a journal that is damaged in the middle, and names it', async () => {
    const first = fixture.service(fixture.dataFolder);
    await create(first, 'Clicks', lines);
    await put(first, 'Clicks', 'one');
    await put(first, 'Clicks', 'two');
    const folder = await fixture.snapshot();
    const path = join(folder, 'firehose', 'Clicks', '00000001.journal');
    await writeFile(path, (await readFile(path)).fill(0x55, 13, 14));

    await expect(create(fixture.service(folder), 'Clicks', lines)).rejects.toMatchObject({
      name: 'JournalCorrupt',
      message: expect.stringContaining(`${path} is damaged at byte 0`),
    });
  });

  it('starts journals with numbers of their own behind those that are left', async () => {
    fixture.store.beforePut = async () => {
      throw new Error('S3 is down');
    };
    const first = fixture.service(fixture.dataFolder);
    await create(first, 'Clicks', lines);
    await put(first, 'Clicks', 'old');
    const folder = await fixture.snapshot();
    const second = fixture.service(folder);
    await create(second, 'Clicks', lines);
    await put(second, 'Clicks', 'new');

    expect((await readdir(join(folder, 'firehose', 'Clicks'))).filter((name) => name.endsWith('.journal'))).toEqual([
      '00000001.journal',
      '00000002.journal',
    ]);
  });
});
