import { globSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A function's code: its `index.ts` and all that this imports in one `index.mjs`, the AWS SDK too, in the version that
 * the tests ran with and not that of Lambda. `NodejsFunction` makes the same bytes, and starts npx for each function.
 *
 * @param folder The function's folder below `functions`.
 */
export function bundledCode(folder: string): Code {
  return Code.fromAsset(root, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Only names what is bundled, for the CDK's cache of this process: `local` makes it, no container.
      image: DockerImage.fromRegistry('none'),
      command: [folder],
      local: {
        tryBundle(outputFolder) {
          bundles ??= bundleAll();
          const code = bundles.get(folder);
          if (code === undefined) throw new Error(`There is no functions/${folder}/index.ts.`);
          writeFileSync(`${outputFolder}/index.mjs`, code);
          return true;
        },
      },
    },
  });
}

/** By folder, in this process. */
let bundles: ReadonlyMap<string, Uint8Array> | undefined;

/** All functions in one run of esbuild: most of what they import is the same, and is read once. */
function bundleAll(): ReadonlyMap<string, Uint8Array> {
  const entryPoints = globSync('functions/*/index.ts', { cwd: root });
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints,
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
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(dirname(path)), contents]));
}
