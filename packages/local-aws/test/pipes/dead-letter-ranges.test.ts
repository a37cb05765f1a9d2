import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DeadLetterRanges } from '../../src/pipes/dead-letter-ranges.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dead-letter-ranges-'));
});
afterEach(() => rm(folder, { recursive: true }));

const hourMs = 3_600_000;

it('keeps ranges for a day over a restart, also after a torn line', async () => {
  const file = join(folder, 'pipe', 'dead-letter-ranges.jsonl');
  const ranges = await DeadLetterRanges.open(file);
  expect(ranges.current(0)).toEqual([]);
  await ranges.add({ from: '5', to: '5' }, 0);
  await appendFile(file, '\n{"from":"6');
  await ranges.add({ from: '7', to: '9' }, 2 * hourMs);
  for (const same of [ranges, await DeadLetterRanges.open(file)]) {
    expect(same.current(3 * hourMs)).toMatchObject([
      { from: '5', to: '5' },
      { from: '7', to: '9' },
    ]);
    expect(same.current(25 * hourMs)).toMatchObject([{ from: '7' }]);
  }
});
