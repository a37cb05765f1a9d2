import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const files = globSync(['test/**/*.ts', 'packages/*/test/**/*.ts'], { cwd: root });
const text = (file: string) => readFileSync(join(root, file), 'utf8');

it('collects every file that holds a test', () => {
  const holdsTests = (file: string) => /^\s*(describe|it|test)(\.each)?\(/m.test(text(file));
  const forgotten = files.filter((file) => !file.endsWith('.test.ts') && holdsTests(file));
  expect(forgotten).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});

it('skips and focuses nothing', () => {
  const marked = /\b(describe|it|test)\.(skip|only|todo)\b|\bx(it|describe|test)\(/;
  expect(files.filter((file) => file !== 'test/tree.test.ts' && marked.test(text(file)))).toEqual([]);
});
