import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import manifest from '../package.json' with { type: 'json' };
import { supportedResourceTypes } from '../src/assembly/support.ts';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language, text]) => ({ language, text }));

it('takes its code from files that tests run', () => {
  const sources = globSync(['examples/**/*.ts', 'test/examples/*.ts'], { cwd: folder }).map((file) =>
    readFileSync(join(folder, file), 'utf8'),
  );
  const code = blocks.filter(({ language }) => language === 'ts').map(({ text = '' }) => text);
  expect(code.length).toBeGreaterThan(3);
  expect(code.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([]);
});

it('has no other blocks than code and sessions, which test/examples/run.test.ts runs', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['ts', 'console']));
});

it('names every resource type that runs', () => {
  expect(supportedResourceTypes.map(({ type }) => type).filter((type) => !readme.includes(`\`${type}\``))).toEqual([]);
});

it('describes each group of exports', () => {
  const groups = Object.keys(manifest.exports).flatMap((path) => /^\.\/(\w+)\//.exec(path)?.[1] ?? []);
  expect([...new Set(groups)].filter((group) => !readme.includes(`\`${group}/*\``))).toEqual([]);
});

it.each(['README.md', 'examples/sensors/README.md'])('links in %s to files that exist', (file) => {
  const links = [...readFileSync(join(folder, file), 'utf8').matchAll(/\]\((?!https:)([^)#]+)\)/g)].map(
    ([, link = '']) => link,
  );
  const missing = links.filter((link) => !statSync(join(folder, file, '..', link), { throwIfNoEntry: false }));
  expect(missing).toEqual([]);
});
