import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { processesOf } from '../../chaos/processes.ts';
import { runChaos } from '../../chaos/run.ts';
import { systemClock } from '../../local/clock.ts';

const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

it('counts, stores and archives everything exactly once through kills, faults and resharding, and leaves nothing running', async () => {
  const result = await runChaos({
    seed: 1,
    folder,
    seconds: 120,
    kills: 5,
    records: 1_000,
    clock: systemClock,
    signal: new AbortController().signal,
    onProgress() {},
  });
  expect(result).toMatchObject({
    verdict: { wrong: [], lost: [], extra: [] },
    defects: [],
    deadLetters: 0,
  });
  expect(result.kills.total).toBe(5);
  expect(result.records).toBeGreaterThan(500);
  expect(result.faults.total).toBeGreaterThan(0);
  expect(await processesOf(folder)).toEqual([]);
}, 240_000);
