import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { applyEdits, readFiles } from '../../src/mutations/edits.ts';
import { mutations } from '../../src/mutations/mutations.ts';

const project = join(import.meta.dirname, '../../../..');

describe('the mutations', () => {
  it.each(mutations)('$name: fits the sources', async ({ files, edits }) => {
    const texts = await readFiles(project, files);
    expect(applyEdits(texts, edits)).not.toEqual(texts);
  });
});

it('that are not there are named, and nothing is tested', () => {
  const script = join(project, 'packages/lab/src/mutations/mutate.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, 'no such thing'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('No mutation has "no such thing" in its name.')]);
});

describe('an edit', () => {
  const texts = new Map([
    ['a', 'x y'],
    ['b', 'x'],
  ]);

  it('is made wherever its text stands', () => {
    expect([...applyEdits(texts, [{ from: 'x', to: '$&', times: 2 }]).values()]).toEqual(['$& y', '$&']);
  });

  it.each([1, 3])('is refused when its text stands there another number of times than %d', (times) => {
    expect(() => applyEdits(texts, [{ from: 'x', to: 'z', times }])).toThrow('found 2 times: x');
  });
});
