import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { processesOf } from '../../src/chaos/processes.ts';
import { chaosProgram } from '../../src/chaos/program.ts';

const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

it('counts, stores and archives everything exactly once through kills and faults, and leaves nothing running', async () => {
  const terminal = fakeTerminal();
  // A seed whose first six rounds crash inside UpdateItem, PutObject of the archive and a checkpoint write, kill the
  // engine, fill the disk and leave the endpoint gone.
  const plan = ['--seed', '2887997', '--kills', '6', '--minutes', '3', '--records', '1000', '--sales', '900'];
  const args = [...plan, '--json', '--keep', folder];
  const exitCode = await run(args, terminal, chaosProgram);
  expect(terminal.complaints()).toBe('');
  const result = JSON.parse(terminal.printed());
  expect({ exitCode, ...result }).toMatchObject({
    exitCode: 0,
    ok: true,
    wrongCounts: 0,
    lost: 0,
    extra: 0,
    lakeDifferences: 0,
    sales: { changes: 900, differences: 0 },
    deadLetters: 0,
    defects: [],
    problems: [],
  });
  expect(result.records).toBeGreaterThan(500);
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);
  expect(sum(result.kills)).toBe(6);
  expect(result.refusedCalls).toBeGreaterThan(0);
  expect(sum(result.faults)).toBeGreaterThan(0);
  expect(result.kills).toMatchObject({
    'inside a call': 2,
    'inside a checkpoint write': 1,
    'of the DynamoDB engine': 1,
    'after the disk was full, then had space': 1,
    'with the endpoint gone for 15 s': 1,
  });
  expect(await processesOf(folder)).toEqual([]);
}, 300_000);
