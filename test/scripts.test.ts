import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import manifest from '../package.json' with { type: 'json' };

const tools = Object.entries(manifest.scripts).filter(([, script]) => /^node (--import \S+ )?packages\//.test(script));

it('knows the tools among the npm scripts', () => {
  expect(tools.map(([name]) => name)).toEqual([
    'start',
    'check-on-aws',
    'chaos',
    'mutations',
    'long-run',
    'bench',
    'scale',
    'least-privilege',
    'pictures',
    'notebook',
  ]);
});

it.each(tools)('npm run %s -- --help tells how to use it', async (_, script) => {
  const [, ...words] = script.split(' ');
  const root = join(import.meta.dirname, '..');
  const { stdout } = await promisify(execFile)(process.execPath, [...words, '--help'], { cwd: root });
  expect(stdout).toMatch(/exit code/i);
});
