import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import fc from 'fast-check';
import { LogStore } from '../../src/logs/log-store.ts';

const bounds = { groupBytes: 2_000, totalBytes: 3_000, segmentBytes: 300 };
const groups = ['/a', '/b'] as const;
const line = fc.record({
  group: fc.constantFrom(...groups),
  stream: fc.constantFrom('s', 't\n"', '__proto__'),
  message: fc.string({ unit: 'grapheme', maxLength: 60 }),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: fc.array(line, { minLength: 1, maxLength: 8 }) }) },
  /** A kill in a write, and the next start. */
  { weight: 1, arbitrary: fc.record({ torn: fc.string({ maxLength: 20 }) }) },
);
const everything = {
  startMs: 0,
  endMs: Number.POSITIVE_INFINITY,
  hasStream: () => true,
  matches: () => true,
  isBackward: false,
  limit: 10_000,
  limitBytes: 1e6,
};

it('gives back the latest of what was put, in order, within the bounds, over kills', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const folder = await mkdtemp(join(tmpdir(), 'logs-'));
      const clock = new ManualClock();
      const open = () => LogStore.open({ folder, clock, bounds });
      let store = await open();
      for (const group of groups) await store.createGroup(group);
      const put: Record<string, string[]> = { '/a': [], '/b': [] };
      for (const each of steps) {
        if ('put' in each) {
          for (const { group, stream, message } of each.put) {
            store.put(group, stream, { timestampMs: clock.now(), message });
            put[group]?.push(`${stream} ${message.toWellFormed()}`);
          }
          await store.flush();
        } else {
          await store.stop();
          for (const id of (await readdir(folder)).filter((name) => /^\d+$/.test(name))) {
            const last = (await readdir(join(folder, id))).sort().at(-1);
            if (last !== undefined)
              await appendFile(join(folder, id, last), `E 0 1 1 ${each.torn.replaceAll('\n', '')}`);
          }
          store = await open();
        }
        expect(store.groups().every(({ storedBytes }) => storedBytes <= bounds.groupBytes)).toBe(true);
        expect(store.groups().reduce((sum, { storedBytes }) => sum + storedBytes, 0)).toBeLessThanOrEqual(
          bounds.totalBytes,
        );
      }
      for (const group of groups) {
        const page = await store.read(group, everything);
        const read = page?.events.map(({ logStreamName, message }) => `${logStreamName} ${message}`) ?? [];
        const all = put[group] ?? [];
        expect(read).toEqual(all.slice(all.length - read.length));
        const search = { ...everything, needs: ['e'], matches: (text: string) => /e|\\u/.test(text) };
        const found = await store.read(group, search);
        expect(found?.events).toEqual(page?.events.filter(({ message }) => search.matches(message)));
        // Nothing is dropped without need.
        const bytes = all.reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)) + 80, 0);
        if (bytes < bounds.groupBytes / 2) expect(read).toHaveLength(all.length);
      }
      await store.stop();
      await rm(folder, { recursive: true });
    }),
    { numRuns: 40 },
  );
});
