import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { type StoreCheck, type StoreName, sizeText } from './damage.ts';
import { checkData, sqliteStores } from './data-check.ts';
import { readableFrames } from './journal-repair.ts';
import { repairKinesisFiles } from './kinesis-repair.ts';
import { forgetStore } from './known-stores.ts';
import { namesIn, sizeOf } from './pipe-files.ts';
import { repairSqliteFile } from './sqlite-repair.ts';

/** What a repair of one store did. */
export interface Repair {
  readonly store: StoreName;
  /** What can be used again: `600 records`, `nothing`. */
  readonly kept: string;
  /** What cannot; undefined when nothing is lost. */
  readonly lost: string | undefined;
}

/** What a repair of a data folder did. */
export interface DataRepair {
  readonly repairs: readonly Repair[];
  /** Where the damaged files are now, absolute. */
  readonly movedTo: string;
}

/**
 * Replaces each damaged store by what can be read of it. The damaged files are moved into `damaged/` in the data
 * folder, so it needs as much space again. `checks` are those of a thorough check. Throws when the repaired data is not
 * intact, and the system's errors; the damaged files are in their place then, or in `damaged/`.
 */
export async function repairData(folder: string, checks: readonly StoreCheck[], nowMs: number): Promise<DataRepair> {
  const movedTo = join(folder, 'damaged', new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-'));
  await mkdir(movedTo, { recursive: true });
  const repairs: Repair[] = [];
  for (const check of checks) {
    if (check.damages.length === 0) continue;
    const repair = await repairStore(folder, check, movedTo);
    repairs.push(repair);
    if (repair.kept === 'nothing') await forgetStore(folder, check.store);
  }
  await rewindReaders(join(folder, 'pipes'), servicesToRewind(repairs), movedTo);
  if (isLost(repairs, 'Kinesis')) await rewindReaders(join(folder, 'firehose'), ['kinesis'], movedTo);
  const left = (await checkData(folder, { thorough: true })).flatMap(({ damages }) => damages);
  if (left.length > 0) throw new Error(`The repaired data is damaged too: ${left[0]?.file} ${left[0]?.problem}.`);
  return { repairs, movedTo };
}

async function repairStore(folder: string, check: StoreCheck, movedTo: string): Promise<Repair> {
  const { store, path, damages } = check;
  const lost = [...new Set(damages.map((damage) => damage.lost))].join('; ');
  switch (store) {
    case 'Kinesis': {
      const { records, streams, isOnlyOrder } = await repairKinesisFiles(path, movedTo, damages);
      const kept =
        records === 0 && streams === 0
          ? 'nothing'
          : `${records} records of ${streams === 1 ? '1 stream' : `${streams} streams`}`;
      return { store, kept, lost: isOnlyOrder ? undefined : lost };
    }
    case 'DynamoDB':
    case 'S3 and SQS': {
      const [found] = sqliteStores(folder).filter((each) => each.store === store);
      if (found === undefined) throw new Error(`No file of ${store}.`);
      const rows = await repairSqliteFile(found, movedTo);
      return { store, kept: rows === undefined ? 'nothing' : `${rows} rows of ${basename(found.file)}`, lost };
    }
    case 'logs':
      for (const { file } of damages) await moveAway(file, movedTo);
      return { store, kept: 'nothing', lost };
    case 'pipes':
      for (const { file } of damages) await moveAway(file, movedTo);
      return { store, kept: 'the other checkpoints', lost };
    case 'Firehose': {
      let keptBytes = 0;
      for (const { file } of damages) {
        if (!file.endsWith('.journal')) {
          await moveAway(file, movedTo);
          continue;
        }
        const frames = readableFrames(await readFile(file));
        await moveAway(file, movedTo);
        await writeFile(file, frames);
        keptBytes += frames.length;
      }
      return { store, kept: `${sizeText(keptBytes)} of the damaged journals, and the other files`, lost };
    }
  }
}

/** Moves a file into a folder, under a name with the folder that it comes from. */
async function moveAway(file: string, movedTo: string): Promise<void> {
  await rename(file, join(movedTo, `${basename(join(file, '..'))}-${basename(file)}`));
}

/**
 * The services whose streams the pipes read from their StartingPosition again. New tables get what the Kinesis streams
 * still hold. A stream of a table that lost its newest record counts on from an earlier one, which pipes would skip.
 */
function servicesToRewind(repairs: readonly Repair[]): string[] {
  const isRepaired = repairs.some(({ store }) => store === 'DynamoDB');
  const isKinesisRewound = isLost(repairs, 'DynamoDB') || isLost(repairs, 'Kinesis');
  return [...(isRepaired ? ['dynamodb'] : []), ...(isKinesisRewound ? ['kinesis'] : [])];
}

function isLost(repairs: readonly Repair[], store: StoreName): boolean {
  return repairs.some((repair) => repair.store === store && repair.kept === 'nothing');
}

async function rewindReaders(folder: string, services: readonly string[], movedTo: string): Promise<void> {
  if (services.length === 0) return;
  for (const reader of await namesIn(folder)) {
    const file = join(folder, reader, 'checkpoint.json');
    if ((await sizeOf(file)) === undefined) continue;
    const checkpoint: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isJsonObject(checkpoint) || !isJsonObject(checkpoint.sources)) continue;
    const kept = Object.entries(checkpoint.sources).filter(([arn]) => !services.includes(arn.split(':')[2] ?? ''));
    await moveAway(file, movedTo);
    if (kept.length > 0) await writeFile(file, JSON.stringify({ ...checkpoint, sources: Object.fromEntries(kept) }));
  }
}
