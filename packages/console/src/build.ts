import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@tweet-pipes/kit/thrown';

/** What the browser loads. */
export interface PageFiles {
  readonly script: Buffer;
  readonly style: Buffer;
  /** Names the content: it changes with any source. */
  readonly hash: string;
}

const packageFolder = join(import.meta.dirname, '..');
const names = { script: 'page.js', style: 'console.css' } as const;

/**
 * Bundles the page in memory, in about half a second, or takes the files of an earlier run while no source has changed.
 * They are kept in `cacheFolder`, by the hash of the sources; a folder that cannot be written keeps none.
 *
 * @param cacheFolder absolute
 */
export async function buildPage(cacheFolder: string): Promise<PageFiles> {
  const hash = await hashSources();
  const folder = join(cacheFolder, hash);
  const kept = await readKept(folder);
  if (kept !== undefined) return { ...kept, hash };
  const built = await bundle();
  await keep(folder, built).catch(() => {}); // The next run bundles again.
  return { ...built, hash };
}

/** Of everything that can be in the bundle: the page, the package next to it, and what npm has installed. */
async function hashSources(): Promise<string> {
  const folders = [join(packageFolder, 'src'), join(packageFolder, '../kit/src')];
  const listed = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  const files = listed.flat().flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
  files.push(join(packageFolder, '../../node_modules/.package-lock.json'));
  const contents = await Promise.all(files.sort().map(async (file) => [file, await readOrNothing(file)] as const));
  const hash = createHash('sha256');
  for (const [file, content] of contents) hash.update(`${file}\n${content.length}\n`).update(content);
  return hash.digest('hex').slice(0, 32);
}

async function readOrNothing(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  });
}

async function readKept(folder: string): Promise<Omit<PageFiles, 'hash'> | undefined> {
  try {
    const [script, style] = await Promise.all([
      readFile(join(folder, names.script)),
      readFile(join(folder, names.style)),
    ]);
    return { script, style };
  } catch {
    return undefined;
  }
}

async function bundle(): Promise<Omit<PageFiles, 'hash'>> {
  const { build } = await import('esbuild'); // Most starts need none.
  const { outputFiles } = await build({
    absWorkingDir: packageFolder,
    entryPoints: [
      { in: 'src/page.ts', out: 'page' },
      { in: 'src/style/console.css', out: 'console' },
    ],
    outdir: 'out', // Names the files; nothing is written.
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const content = (name: string) => {
    const file = outputFiles.find(({ path }) => path.endsWith(`/${name}`) || path.endsWith(`\\${name}`));
    if (file === undefined) throw new Error(`esbuild did not make ${name}.`);
    return Buffer.from(file.contents);
  };
  return { script: content(names.script), style: content(names.style) };
}

/** Another process may do the same at the same time, so the folder appears whole. */
async function keep(folder: string, { script, style }: Omit<PageFiles, 'hash'>): Promise<void> {
  const temporary = `${folder}.${process.pid}`;
  await mkdir(temporary, { recursive: true });
  await Promise.all([writeFile(join(temporary, names.script), script), writeFile(join(temporary, names.style), style)]);
  await rename(temporary, folder);
}
