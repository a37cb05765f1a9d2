import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@tweet-pipes/kit/json';
import { z } from 'zod';

/** The owner of a data folder, for error messages. The lock alone decides. */
const ownerSchema = z.object({ processId: z.int(), since: z.string(), endpoint: z.string().optional() });

export type Owner = z.infer<typeof ownerSchema>;

const FILE = 'owner.json';

export async function writeOwner(folder: string, owner: Owner): Promise<void> {
  const file = join(folder, FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(owner)}\n`);
  await rename(`${file}.new`, file);
}

/** The owner that a folder names. Undefined for none, and for a file that does not fit. */
export async function readOwner(folder: string): Promise<Owner | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => '');
  return ownerSchema.safeParse(parseJson(text)).data;
}

/** A description of the owner, for "in use by …". */
export async function describeOwner(folder: string): Promise<string> {
  const owner = await readOwner(folder);
  if (owner === undefined) return 'another runtime';
  const { processId, since, endpoint } = owner;
  return `the runtime with process id ${processId}, started ${since}${endpoint === undefined ? '' : `, at ${endpoint}`}`;
}
