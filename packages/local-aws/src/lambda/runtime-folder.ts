import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Prepares the folder that functions are unpacked in. As on Lambda, a `.js` file without a package.json is CommonJS,
 * whatever project contains the folder, and `@aws-sdk` and `@smithy` packages need not be bundled, if they are
 * installed beside this package.
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
