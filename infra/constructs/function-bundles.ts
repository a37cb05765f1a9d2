import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, build, buildSync } from 'esbuild';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** All functions in one run of esbuild: most of what they import is the same, and is read once. */
const OPTIONS = {
  absWorkingDir: root,
  outdir: 'functions',
  outbase: 'functions',
  outExtension: { '.js': '.mjs' },
  write: false,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
} as const satisfies BuildOptions;

/** By folder, in this process. */
let bundles: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * Bundles all functions in esbuild's own process, while this one may do something else. What esbuild has to say is left
 * to `functionBundle`: `cdk ls` and `cdk destroy` ask for no bundle, and work with functions that are wrong.
 */
export async function bundleAhead(): Promise<void> {
  try {
    const result = await build({ ...OPTIONS, entryPoints: entryPoints(), logLevel: 'silent' });
    if (result.warnings.length === 0) bundles = byFolder(result);
  } catch {
    // Built again, and reported, for the first function that is wanted.
  }
}

/**
 * The bundle of the function in a folder below `functions`. Bundles all if that has not been done. Throws esbuild's
 * BuildFailure, whose message says what is wrong and where.
 */
export function functionBundle(folder: string): Uint8Array {
  bundles ??= byFolder(buildSync({ ...OPTIONS, entryPoints: entryPoints(), logLevel: 'warning' }));
  const code = bundles.get(folder);
  if (code === undefined) throw new Error(`There is no functions/${folder}/index.ts.`);
  return code;
}

function entryPoints(): string[] {
  return globSync('functions/*/index.ts', { cwd: root });
}

function byFolder({ outputFiles }: BuildResult<typeof OPTIONS>): ReadonlyMap<string, Uint8Array> {
  return new Map(outputFiles.map(({ path, contents }) => [basename(dirname(path)), contents]));
}
