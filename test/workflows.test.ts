import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import manifest from '../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');
const files = globSync('.github/workflows/*.yml', { cwd: root });

describe('the GitHub workflows', () => {
  it('are those for each change and for each night', () => {
    expect(files.sort()).toEqual(['.github/workflows/ci.yml', '.github/workflows/nightly.yml']);
  });

  it.each(files)('%s is YAML, may only read, and pins each action by its commit', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(parse(text)).toMatchObject({ permissions: { contents: 'read' } });
    const uses = [...text.matchAll(/uses: (\S+)/g)].map((match) => match[1]);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it.each(files)('%s runs npm scripts that exist', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const scripts = [...text.matchAll(/npm run (\S+)/g)].map((match) => match[1]);
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
  });
});
