import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findDynoxide } from '../../src/engines/dynoxide-binary.ts';

const none = '@dynoxide/no-such';
let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-aws-'));
  path = join(folder, 'dynoxide');
});
afterAll(() => rm(folder, { recursive: true }));

async function install(version: string, mode = 0o755): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho "${version}"\n`);
  await chmod(path, mode);
}

describe('the DynamoDB engine', () => {
  it('is the npm package of this platform, whatever is on PATH', async () => {
    await install('dynoxide 1.2.1');
    const modules = fileURLToPath(new URL('../../../../node_modules/@dynoxide', import.meta.url));
    const packaged = join(modules, `${process.platform}-${process.arch}`, 'dynoxide');
    expect(findDynoxide({ PATH: folder })).toBe(existsSync(packaged) ? packaged : path);
  });

  it.each(['dynoxide 1.2.1', 'dynoxide 1.2.9', 'dynoxide 1.10.0 (abc)'])('is on PATH as %s', async (version) => {
    await install(version);
    expect(findDynoxide({ PATH: `/nowhere${delimiter}${folder}` }, none)).toBe(path);
    expect(findDynoxide({ PATH: '', DYNOXIDE_BIN: path })).toBe(path);
  });

  it.each([
    ['dynoxide 1.2.0', 'is dynoxide 1.2.0, which is not suitable'],
    ['dynoxide 0.9.5', 'is dynoxide 0.9.5, which is not suitable'],
    ['dynoxide 2.0.0', 'is dynoxide 2.0.0, which is not suitable'],
    ['something else', 'does not say "dynoxide <version>"'],
  ])('is not %s', async (version, why) => {
    await install(version);
    expect(() => findDynoxide({ PATH: folder }, none)).toThrow(`${path} (PATH) `);
    expect(() => findDynoxide({ DYNOXIDE_BIN: path })).toThrow(`${path} (DYNOXIDE_BIN) `);
    expect(() => findDynoxide({ PATH: folder }, none)).toThrow(why);
    expect(() => findDynoxide({ PATH: folder }, none)).toThrow(/DYNAMODB_ENDPOINT.*docs\/platforms\.md/);
  });

  it('that cannot be started is named with the remedy', () => {
    const missing = join(folder, 'missing');
    expect(() => findDynoxide({ DYNOXIDE_BIN: missing })).toThrow(
      new RegExp(`${missing} \\(DYNOXIDE_BIN\\) cannot be used: .*ENOENT.*DYNAMODB_ENDPOINT`),
    );
  });

  it('that is nowhere is named with the remedy', async () => {
    await install('dynoxide 1.2.1', 0o644);
    for (const PATH of ['', folder]) {
      expect(() => findDynoxide({ PATH, DYNOXIDE_BIN: '' }, none)).toThrow(
        /neither the npm package @dynoxide\/no-such nor a program named dynoxide on PATH.*DYNOXIDE_BIN.*DYNAMODB_ENDPOINT/,
      );
    }
  });
});
