import { createHash, randomUUID } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@tweet-pipes/kit/thrown';

/** Assemblies that are kept. One is some megabytes. The suite of this project makes more than twenty. */
const KEPT_ASSEMBLIES = 40;

/** What an assembly depends on beside the files of the app's folder. */
export interface AssemblyInputs {
  appFolder: string;
  /** The command that runs the app, if it is not that of cdk.json. */
  app?: string | undefined;
  context: Readonly<Record<string, unknown>>;
  environment: NodeJS.ProcessEnv;
}

/** Whether an assembly does not depend on a file or folder of the app with this name, and on what is in it. */
export function isLeftOut(name: string): boolean {
  return name === 'node_modules' || name === 'cdk.out' || name.startsWith('.');
}

/**
 * The name for an assembly that these inputs give: it changes with the path, size and time of any file in the app's
 * folder, outside of `node_modules`, `cdk.out` and folders whose names begin with a dot, with what npm has installed
 * there, with the context, with the variables that the CDK and Node read, and with Node's version.
 */
export function nameOfAssembly({ appFolder, app, context, environment }: AssemblyInputs): string {
  const states = [join(appFolder, 'node_modules/.package-lock.json'), ...filesOf(appFolder)].map(stateOf);
  const variables = Object.entries(environment).filter(
    // Where Node keeps compiled modules makes no difference.
    ([name]) => /^(CDK|AWS|JSII|NODE)_/.test(name) && name !== 'NODE_COMPILE_CACHE',
  );
  const inputs = [appFolder, app, context, variables.sort(), process.version, states.sort()];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32);
}

/** Whether there is an assembly of this name, which counts as used now. */
export async function isKept(cacheFolder: string, name: string): Promise<boolean> {
  const now = new Date();
  return utimes(join(cacheFolder, name), now, now).then(
    () => true,
    () => false,
  );
}

/** Copies an assembly to a folder that does not exist. False if there is none of this name that can be read. */
export async function takeAssembly(cacheFolder: string, name: string, outputFolder: string): Promise<boolean> {
  try {
    await cp(join(cacheFolder, name), outputFolder, { recursive: true });
    return true;
  } catch {
    // There is none, or another process deletes it at this moment.
    await rm(outputFolder, { recursive: true, force: true });
    return false;
  }
}

/**
 * Keeps a copy of an assembly, and deletes those that were not used for longest. A folder that cannot be written keeps
 * none.
 */
export async function keepAssembly(cacheFolder: string, name: string, outputFolder: string): Promise<void> {
  const unfinished = join(cacheFolder, `${name}.${randomUUID()}`);
  try {
    await mkdir(cacheFolder, { recursive: true });
    await cp(outputFolder, unfinished, { recursive: true });
    // Fails if another process was first.
    await rename(unfinished, join(cacheFolder, name));
    const names = await readdir(cacheFolder);
    const used = await Promise.all(names.map(async (each) => ({ each, atMs: await timeOf(join(cacheFolder, each)) })));
    const unused = used.sort((a, b) => b.atMs - a.atMs).slice(KEPT_ASSEMBLIES);
    for (const { each } of unused) await rm(join(cacheFolder, each), { recursive: true, force: true });
  } catch {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * The files of the app, without what is left out and without folders that cannot be read. Synchronous, as the look at
 * each: asynchronous calls for two thousand files take six times the processor time.
 */
function filesOf(folder: string): string[] {
  return entriesOf(folder)
    .filter(({ name }) => !isLeftOut(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : path;
    });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function stateOf(file: string): string {
  try {
    const { size, mtimeNs } = statSync(file, { bigint: true });
    return `${file} ${size} ${mtimeNs}`;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return `${file} is not there`;
  }
}

async function timeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return 0;
  }
}
