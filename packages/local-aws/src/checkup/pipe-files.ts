import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { Checkpoint } from '../pipes/checkpoint.ts';
import type { Damage, StoreCheck } from './damage.ts';

/** Checks the checkpoint of each pipe. Reads only. */
export async function checkPipeFiles(folder: string): Promise<StoreCheck> {
  let bytes = 0;
  const damages: Damage[] = [];
  for (const pipe of await namesIn(folder)) {
    const file = join(folder, pipe, 'checkpoint.json');
    const size = await sizeOf(file);
    if (size === undefined) continue; // The pipe has not started.
    bytes += size;
    const problem = await Checkpoint.problemOf(file);
    const lost = `up to where the pipe ${pipe} has read; it begins again at its StartingPosition, which redelivers records`;
    if (problem !== undefined) damages.push({ file, problem, lost });
  }
  return { store: 'pipes', path: folder, bytes, damages };
}

/** The entries of a folder that may be missing. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Bytes of a file that may be missing. */
export async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
