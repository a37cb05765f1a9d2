import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@tweet-pipes/kit/clock';
import leveldown from 'leveldown';
import { KinesisStore } from '../engines/kinesis-store.ts';
import type { Damage } from './damage.ts';
import { findLiveFiles, logsOf, tableName } from './kinesis-files.ts';
import { readLog, writeLog } from './leveldb-log.ts';
import { isIntact, tableBlocks } from './leveldb-table.ts';

/** A kind of compression that does not exist. LevelDB's repair leaves such a block out. */
const NO_COMPRESSION_KIND = 0xff;

/** What a repair of the Kinesis files kept. */
export interface KinesisRepair {
  readonly records: number;
  readonly streams: number;
  /** Only CURRENT or MANIFEST were damaged, which are made anew of the other files. */
  readonly isOnlyOrder: boolean;
}

/**
 * Makes the files usable with what is intact of them, by LevelDB's own repair. That verifies no checksums, so what has
 * a wrong one is taken out before. The damaged files are moved to `movedTo`.
 */
export async function repairKinesisFiles(
  folder: string,
  movedTo: string,
  damages: readonly Damage[],
): Promise<KinesisRepair> {
  const work = join(movedTo, 'kinesis.repaired');
  await mkdir(folder, { recursive: true });
  await cp(folder, work, { recursive: true });
  await removeObsolete(work);
  for (const name of await readdir(work)) {
    const file = join(work, name);
    if (/^\d+\.log$/.test(name)) await removeDamagedRecords(file);
    else if (/^\d+\.(ldb|sst)$/.test(name)) await removeDamagedBlocks(file);
  }
  await promisify(leveldown.repair)(work);
  await rm(join(work, 'lost'), { recursive: true, force: true });
  const counts = await countRecords(work);
  await rename(folder, join(movedTo, 'kinesis'));
  await rename(work, folder);
  return {
    ...counts,
    isOnlyOrder: damages.every(({ file }) => /(CURRENT|MANIFEST-\d+)$/.test(file)) && counts.streams > 0,
  };
}

/** What a compaction has replaced and a kill left behind would come back otherwise. */
async function removeObsolete(folder: string): Promise<void> {
  const names = await readdir(folder);
  const live = await findLiveFiles(folder, names, false);
  if ('problem' in live || live.tables.size === 0) return; // Nothing tells which they are.
  const kept = new Set([...logsOf(names, live), ...[...live.tables.keys()].map((number) => tableName(names, number))]);
  for (const name of names) if (/^\d+\.(ldb|sst|log)$/.test(name) && !kept.has(name)) await rm(join(folder, name));
}

async function removeDamagedRecords(file: string): Promise<void> {
  const { records, damagedBytes } = readLog(await readFile(file), { isSynced: false });
  if (damagedBytes > 0) await writeFile(file, writeLog(records));
}

async function removeDamagedBlocks(file: string): Promise<void> {
  const table = await readFile(file);
  try {
    let isChanged = false;
    for (const block of tableBlocks(table)) {
      if (isIntact(table, block)) continue;
      table.writeUInt8(NO_COMPRESSION_KIND, block.offset + block.bytes);
      isChanged = true;
    }
    if (isChanged) await writeFile(file, table);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    await rm(file); // Without its index, nothing of it can be found.
  }
}

async function countRecords(path: string): Promise<{ records: number; streams: number }> {
  const store = await KinesisStore.open({ path, region: 'us-east-1', accountId: '000000000000', clock: systemClock });
  try {
    return await store.use(async () => {
      let [records, streams] = [0, 0];
      const names: AsyncIterable<string> = store.store.metaDb.createKeyStream();
      for await (const name of names) {
        streams += 1;
        for await (const _key of store.store.getStreamDb(name).createKeyStream()) records += 1;
      }
      return { records, streams };
    });
  } finally {
    await store.close();
  }
}
