import { join } from 'node:path';
import { groupsFile, LogGroupsFile } from '../logs/log-groups-file.ts';
import type { StoreCheck } from './damage.ts';
import { namesIn, sizeOf } from './pipe-files.ts';

/** Checks the list of log groups. A line of a log that cannot be read is left out by readers. Reads only. */
export async function checkLogFiles(folder: string): Promise<StoreCheck> {
  let bytes = (await sizeOf(groupsFile(folder))) ?? 0;
  for (const group of await namesIn(folder)) {
    if (!/^\d+$/.test(group)) continue;
    for (const name of await namesIn(join(folder, group))) bytes += (await sizeOf(join(folder, group, name))) ?? 0;
  }
  const problem = await LogGroupsFile.problemOf(folder);
  const damages =
    problem === undefined ? [] : [{ file: groupsFile(folder), problem, lost: 'all logs, and nothing else' }];
  return { store: 'logs', path: folder, bytes, damages };
}
