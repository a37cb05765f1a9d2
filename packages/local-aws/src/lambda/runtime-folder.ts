import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Makes the folder under which functions are unpacked look like Lambda's: a `.js` file without a package.json is
 * CommonJS, whatever project the folder lies in, and `@aws-sdk` and `@smithy` can be imported without being bundled, as
 * far as this project has them installed.
 */
export async function prepareRuntimeFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const installed = join(
    dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-s3/package.json')),
    '..',
    '..',
  );
  for (const scope of ['@aws-sdk', '@smithy']) {
    const link = join(folder, 'node_modules', scope);
    await rm(link, { recursive: true, force: true });
    await symlink(join(installed, scope), link, 'dir');
  }
}
