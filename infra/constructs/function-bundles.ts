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
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** By folder, in this process. */
let bundles: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * Bundles all functions in esbuild's own process, while this one may do something else. Throws esbuild's BuildFailure,
 * which has printed what is wrong.
 */
export async function bundleAhead(): Promise<void> {
  bundles = byFolder(await build({ ...OPTIONS, entryPoints: entryPoints() }));
}

/** The bundle of the function in a folder below `functions`. Bundles all if that has not been done. */
export function functionBundle(folder: string): Uint8Array {
  bundles ??= byFolder(buildSync({ ...OPTIONS, entryPoints: entryPoints() }));
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
