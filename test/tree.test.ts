import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

it('collects every file that holds a test', () => {
  const holdsTests = (file: string) =>
    /^\s*(describe|it|test)(\.each)?\(/m.test(readFileSync(join(import.meta.dirname, file), 'utf8'));
  const forgotten = files.filter((file) => !file.endsWith('.test.ts') && holdsTests(file));
  expect(forgotten).toEqual([]);
});

it('skips and focuses nothing', () => {
  const marked = /\b(describe|it|test)\.(skip|only|todo)\b|\bx(it|describe|test)\(/;
  const offending = files.filter(
    (file) => file !== 'tree.test.ts' && marked.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
  );
  expect(offending).toEqual([]);
});
