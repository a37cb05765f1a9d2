import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const check = ['--import', './packages/kit/bin/node-version.mjs'];

/** Runs a program under this Node, which says that it is another version. */
function runAs(version: string, ...args: string[]) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
  return spawnSync(process.execPath, ['--import', preload, ...args], { cwd: root, encoding: 'utf8' });
}

describe('an unsuitable Node', () => {
  it.each([
    ['the command line', ['packages/cli/bin/tweet-pipes.mjs', 'top']],
    ['the CDK app', [...check, 'infra/app.ts']],
    ['a measurement', [...check, 'packages/lab/src/bench/bench.ts']],
    ['the tests', [...check, 'node_modules/jest/bin/jest.js']],
  ])('is told in one sentence what %s needs', (_case, args) => {
    for (const version of ['18.20.0', '20.20.2', '23.11.0']) {
      const { status, stdout, stderr } = runAs(version, ...args);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        new RegExp(`^tweet-pipes needs Node 24 or later, and this is Node ${version} \\(.*\\): .*\\.\\n$`),
      );
    }
  });
});

it('a suitable Node runs the program', () => {
  const { status, stdout } = runAs('25.0.0', ...check, 'node_modules/jest/bin/jest.js', '--version');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
});
