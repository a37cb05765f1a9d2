import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { CrashPoint } from '../../src/chaos/crash-point.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-in-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

/**
 * Saves a pipe's checkpoint three times in a process with this crash point. Returns the position that a new process
 * reads, and the files.
 */
async function savedUntil(
  crashPoint: CrashPoint,
): Promise<{ signal: string | null; position: string; files: string[] }> {
  const script = new URL('checkpoint-writer.ts', import.meta.url).pathname;
  const file = join(folder, 'pipes', 'ingest', 'checkpoint.json');
  const signal = await new Promise<string | null>((resolve) => {
    execFile(process.execPath, [script, JSON.stringify(crashPoint), file], (error) => resolve(error?.signal ?? null));
  });
  const position = /"sequenceNumber": "(\d+)"/.exec(await readFile(file, 'utf8').catch(() => ''))?.[1] ?? 'none';
  // The folder of the checkpoint comes with its first file.
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return { signal, position, files: files.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort() };
}

const step = { how: 'kill-file', file: 'checkpoint', nth: 2 } as const;

it.each<[string, CrashPoint, string, boolean]>([
  ['with half of the second one written', { ...step, operation: 'write', when: 'half' }, '1', true],
  ['before the second rename', { ...step, operation: 'rename', when: 'before' }, '1', true],
  ['after the second rename', { ...step, operation: 'rename', when: 'after' }, '2', false],
  ['before the first file is made', { ...step, nth: 1, operation: 'open', when: 'before' }, 'none', false],
])('kills a process that saves checkpoints %s', async (_, crashPoint, position, isTorn) => {
  const files = [...(isTorn ? ['.checkpoint.tmp'] : []), ...(position === 'none' ? [] : ['checkpoint.json'])];
  expect(await savedUntil(crashPoint)).toEqual({ signal: 'SIGKILL', position, files });
});

it('does not kill a process that does not reach the crash point', async () => {
  const crashPoint: CrashPoint = { ...step, nth: 4, operation: 'rename', when: 'before' };
  expect(await savedUntil(crashPoint)).toEqual({ signal: null, position: '3', files: ['checkpoint.json'] });
});
