import { writeFileSync } from 'node:fs';

import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { functionBundle, root } from './function-bundles.ts';

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
          writeFileSync(`${outputFolder}/index.mjs`, functionBundle(folder));
          return true;
        },
      },
    },
  });
}
