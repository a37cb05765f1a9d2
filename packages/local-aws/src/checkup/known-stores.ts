import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoreName } from './damage.ts';

/** Which stores a data folder has had, so that a missing one is not taken for a new one. */
const FILE = 'stores.json';
const schema = z.object({ stores: z.array(z.string()) });

/** The file of each engine that exists once the engine has started. */
const files: readonly (readonly [StoreName, string])[] = [
  ['DynamoDB', 'dynamodb.sqlite'],
  ['Kinesis', join('kinesis', 'CURRENT')],
  ['S3 and SQS', join('objects', 'fauxqs.db')],
];

/** Reads the names of the stores. Empty for a new folder, and for one of a version that did not write them. */
export async function readKnownStores(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(schema.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8'))).stores);
  } catch {
    return new Set(); // Without it a missing store is not noticed, as before its first start.
  }
}

/** Notes the stores that there are now, when the engines have started. */
export async function noteStores(folder: string): Promise<void> {
  const known = await readKnownStores(folder);
  const all = new Set<string>(known);
  for (const [store, file] of files) if (await exists(join(folder, file))) all.add(store);
  if (all.size > known.size) await writeKnownStores(folder, all);
}

/** Notes that a store is to begin empty. */
export async function forgetStore(folder: string, store: StoreName): Promise<void> {
  const known = new Set(await readKnownStores(folder));
  if (known.delete(store)) await writeKnownStores(folder, known);
}

async function writeKnownStores(folder: string, stores: ReadonlySet<string>): Promise<void> {
  const path = join(folder, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify({ stores: [...stores].sort() })}\n`);
  await rename(`${path}.new`, path);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
