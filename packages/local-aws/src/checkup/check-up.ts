import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { takeDataFolder } from '../data-folder.ts';
import { lackOfSpace } from '../disk-space.ts';
import { findDynoxide } from '../engines/dynoxide-binary.ts';
import { EngineError } from '../engines/engine.ts';
import type { Problem } from '../problems.ts';
import type { StoreCheck } from './damage.ts';
import { checkData } from './data-check.ts';
import { namesIn } from './pipe-files.ts';
import { type DataRepair, repairData } from './repair.ts';

/** What keeps a runtime from starting on a data folder, and how its stores are. */
export interface CheckUp {
  /** Absolute. */
  readonly folder: string;
  /** False: there is no data yet, so the next start makes some. */
  readonly hasData: boolean;
  /** Bytes, for this user. */
  readonly freeBytes: number;
  /** As they were before a repair. */
  readonly stores: readonly StoreCheck[];
  /** As they were before a repair. */
  readonly problems: readonly Problem[];
  /** Undefined when nothing was to be repaired, or not asked for. */
  readonly repair?: DataRepair;
}

export interface CheckUpOptions {
  folder: string;
  /** Whether to replace damaged stores by what can be read of them. */
  repairs: boolean;
  nowMs: number;
  environment?: NodeJS.ProcessEnv;
  /** Called with the name of each store before it is checked. */
  onStore?(name: string): void;
}

/**
 * Checks the whole content of a data folder, which it locks meanwhile, its disk and the engines. Rejects with
 * DataFolderError when a runtime uses the folder or it holds other files, and with the system's errors.
 */
export async function checkUp(options: CheckUpOptions): Promise<CheckUp> {
  const { environment = process.env } = options;
  const folder = resolve(options.folder);
  const hasData = (await namesIn(folder)).length > 0;
  const place = hasData ? folder : resolve('.');
  const { bavail, bsize } = await statfs(place);
  const found = { folder, hasData, freeBytes: bavail * bsize };
  const around = [...diskProblems(place), ...engineProblems(environment)];
  if (!hasData) return { ...found, stores: [], problems: around };
  const lock = await takeDataFolder(folder, { nowMs: options.nowMs });
  try {
    const stores = await checkData(folder, { thorough: true }, options.onStore);
    const problems = [...around, ...stores.flatMap(damageProblems)];
    const isDamaged = stores.some(({ damages }) => damages.length > 0);
    if (!isDamaged || !options.repairs) return { ...found, stores, problems };
    return { ...found, stores, problems, repair: await repairData(folder, stores, options.nowMs) };
  } finally {
    lock.release();
  }
}

function damageProblems({ store, damages }: StoreCheck): Problem[] {
  return damages.map(({ file, problem, lost }) => ({
    what: `data of ${store}`,
    why: `${file} ${problem}. Lost: ${lost}`,
    do: 'Put the file back from a copy, keep what can be read with `npx tweet-pipes doctor --repair`, or begin empty with --fresh.',
  }));
}

function diskProblems(folder: string): Problem[] {
  const lack = lackOfSpace(folder);
  return lack === undefined
    ? []
    : [{ what: 'disk', why: lack, do: 'Free some, or choose a folder elsewhere with --data.' }];
}

function engineProblems(environment: NodeJS.ProcessEnv): Problem[] {
  if (environment.DYNAMODB_ENDPOINT) return [];
  try {
    findDynoxide(environment);
    return [];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [{ what: 'engine of DynamoDB', why: error.message, do: 'The message says how.' }];
  }
}
