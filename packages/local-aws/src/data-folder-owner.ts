import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** A description of the owner, for "in use by …". */
export async function readOwner(folder: string): Promise<string> {
  try {
    const { processId, since, endpoint } = ownerSchema.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
    return `the runtime with process id ${processId}, started ${since}${endpoint === undefined ? '' : `, at ${endpoint}`}`;
  } catch {
    return 'another runtime';
  }
}
