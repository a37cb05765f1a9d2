import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { type Damage, type StoreCheck, sizeText } from './damage.ts';
import { readLog } from './leveldb-log.ts';
import { type LiveFiles, liveFiles } from './leveldb-manifest.ts';
import { isIntact, type TableBlock, tableBlocks } from './leveldb-table.ts';

/** How far a check goes. */
export interface CheckDepth {
  /** Bytes whose content is verified, the newest first. Beyond that, only what is needed to find them is. */
  readonly contentBytes: number;
  /** The store has been used before, so that its files must be there. */
  readonly isExpected: boolean;
}

/**
 * Checks the LevelDB of the Kinesis engine, which itself verifies no checksum of a record and skips what it cannot read
 * in silence. Reads only. Throws the system's errors.
 */
export async function checkKinesisFiles(folder: string, depth: CheckDepth): Promise<StoreCheck> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  let bytes = 0;
  for (const name of names) bytes += (await stat(join(folder, name))).size;
  const found = await findLiveFiles(folder, names, depth.isExpected);
  const damages = 'problem' in found ? [found] : await checkLiveFiles(folder, names, found, depth);
  return { store: 'Kinesis', path: folder, bytes, damages };
}

const NOTHING: LiveFiles = { tables: new Map(), firstLog: 0, previousLog: 0 };
const ORDER = 'which files belong together; the records in them can probably be kept';

/** The files that the store consists of, by CURRENT and the MANIFEST that it names. */
export async function findLiveFiles(
  folder: string,
  names: readonly string[],
  isExpected: boolean,
): Promise<LiveFiles | Damage> {
  const current = join(folder, 'CURRENT');
  if (!names.includes('CURRENT')) {
    // A new store has neither tables nor a log before it has a CURRENT.
    const isUsed = isExpected || names.some((name) => /^\d+\.(ldb|sst|log)$/.test(name));
    if (!isUsed) return NOTHING;
    const lost = names.length === 0 ? 'all streams' : ORDER;
    return { file: current, problem: 'is missing', lost };
  }
  const manifest = /^(MANIFEST-\d+)\n$/.exec(await readFile(current, 'utf8'))?.[1];
  if (manifest === undefined) return { file: current, problem: 'does not name a MANIFEST', lost: ORDER };
  const file = join(folder, manifest);
  if (!names.includes(manifest)) return { file, problem: 'is missing', lost: ORDER };
  const { records, damagedBytes } = readLog(await readFile(file), { isSynced: true });
  if (damagedBytes > 0 || records.length === 0) return { file, problem: 'is damaged', lost: ORDER };
  try {
    return liveFiles(records);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { file, problem: 'is damaged', lost: ORDER };
  }
}

async function checkLiveFiles(
  folder: string,
  names: readonly string[],
  { tables, firstLog, previousLog }: LiveFiles,
  { contentBytes }: CheckDepth,
): Promise<Damage[]> {
  const damages: Damage[] = [];
  let leftBytes = contentBytes;
  const log = tableFile(firstLog).replace('.ldb', '.log');
  if (firstLog > 0 && !names.includes(log)) {
    damages.push({ file: join(folder, log), problem: 'is missing', lost: 'up to 4 MB of the latest records' });
  }
  for (const name of logsOf(names, { firstLog, previousLog })) {
    const file = join(folder, name);
    const log = await readFile(file);
    const { damagedBytes } = readLog(log, { isSynced: false });
    leftBytes -= log.length;
    if (damagedBytes === 0) continue;
    const lost = `up to ${sizeText(damagedBytes)} of the latest records`;
    damages.push({ file, problem: `has ${sizeText(damagedBytes)} of damaged records`, lost });
  }
  for (const [number, size] of [...tables].sort(([a], [b]) => b - a)) {
    const name = tableName(names, number);
    const damage = await checkTable(join(folder, name ?? tableFile(number)), size, name !== undefined, leftBytes > 0);
    leftBytes -= size;
    if (damage !== undefined) damages.push(damage);
  }
  return damages;
}

/** The logs that hold what is in no table yet. */
export function logsOf(
  names: readonly string[],
  { firstLog, previousLog }: Pick<LiveFiles, 'firstLog' | 'previousLog'>,
): string[] {
  return names.filter((name) => {
    const number = Number(/^(\d+)\.log$/.exec(name)?.[1] ?? Number.NaN);
    return number >= firstLog || (number === previousLog && previousLog > 0);
  });
}

/** The name of a table's file, which has one of two endings. */
export function tableName(names: readonly string[], number: number): string | undefined {
  const name = tableFile(number);
  return [name, name.replace('.ldb', '.sst')].find((each) => names.includes(each));
}

function tableFile(number: number): string {
  return `${String(number).padStart(6, '0')}.ldb`;
}

async function checkTable(
  file: string,
  size: number,
  exists: boolean,
  withContent: boolean,
): Promise<Damage | undefined> {
  const whole = `up to ${sizeText(size)} of records`;
  if (!exists) return { file, problem: 'is missing', lost: whole };
  const table = await readFile(file);
  if (table.length !== size) {
    return { file, problem: `has ${sizeText(table.length)} instead of ${sizeText(size)}`, lost: whole };
  }
  let blocks: TableBlock[];
  try {
    blocks = tableBlocks(table);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { file, problem: 'has no readable index', lost: whole };
  }
  const bad = withContent ? blocks.filter((block) => !isIntact(table, block)) : [];
  if (bad.length === 0) return undefined;
  const badBytes = bad.reduce((sum, { bytes }) => sum + bytes, 0);
  const of = [...new Set(bad.map(({ lastKey }) => contentOf(lastKey)))].join(' and ');
  return {
    file,
    problem: `has ${bad.length} damaged of ${blocks.length} blocks`,
    lost: `${sizeText(badBytes)} of ${of}`,
  };
}

/** What a key of kinesalite's sublevels belongs to. */
function contentOf(key: string): string {
  const stream = /^!stream-([^!]+)/.exec(key)?.[1];
  return stream === undefined ? 'the list of streams' : `records of the stream ${stream}`;
}
