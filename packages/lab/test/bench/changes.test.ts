import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { changesSubject } from '../../src/bench/changes.ts';

const folder = await mkdtemp(join(tmpdir(), 'bench-changes-'));
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

it('brings changes of orders through the sales lake, into its stream and into files', async () => {
  const { figures, ratios } = await changesSubject({ changeCount: 500, fileSeconds: 0.5 }).run({
    ...{ folder, rounds: 1, growthRecords: 0, counters: 0, nodeFlags: [] },
    signal: new AbortController().signal,
    doing: () => {},
  });

  expect(figures.map(({ name, median }) => [name, median > 0])).toEqual([
    ['write to file, median', true],
    ['write to file, longest', true],
    ['limit of a file', true],
    ['written, no pipe', true],
    ['in the stream, from the first write', true],
    ['goal', true],
    ['processor time of a change', true],
    ['limit of two cores for the goal', true],
  ]);
  expect(ratios).toHaveLength(4);
}, 120_000);
