import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readWorkflow } from '../../infra/workflow-definition.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workflows-'));
  mkdirSync(join(root, 'w'));
});
afterEach(() => rmSync(root, { recursive: true }));

function read(definition: string, files: Record<string, string> = {}): unknown {
  for (const [name, text] of Object.entries({ 'w.asl.yaml': definition, ...files }))
    writeFileSync(join(root, 'w', name), text);
  return readWorkflow('w', pathToFileURL(`${root}/`));
}

describe('a workflow', () => {
  it('is its YAML, with the expressions of its files', () => {
    const definition = 'Output: !jsonata sum.jsonata\nItems:\n  - !jsonata sum.jsonata\n';
    expect(read(definition, { 'sum.jsonata': '(\n  $a + 1\n)\n' })).toEqual({
      Output: '{% (\n  $a + 1\n) %}',
      Items: ['{% (\n  $a + 1\n) %}'],
    });
  });

  it('has no comments of its expressions, and keeps what looks like one', () => {
    const text = "/* Why.\n   And how. */\n(\n  /* Why. */\n  $a & '/* text */';\n)\n";
    expect(read('Output: !jsonata a.jsonata', { 'a.jsonata': text })).toEqual({
      Output: "{% (\n  $a & '/* text */';\n) %}",
    });
  });

  it('keeps holes, also those in expressions', () => {
    const text = "'${TweetTable}'";
    expect(read('Output: !jsonata a.jsonata\nTable: ${TweetTable}', { 'a.jsonata': text })).toEqual({
      Output: "{% '${TweetTable}' %}",
      Table: '${TweetTable}',
    });
  });

  it('is refused by the name of a file that is missing or holds something else', () => {
    expect(() => read('Output: !jsonata none.jsonata')).toThrow('w/none.jsonata');
    expect(() => read('- a list')).toThrow('w/w.asl.yaml holds no workflow');
  });
});
