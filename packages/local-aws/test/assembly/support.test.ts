import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { support, supportedResourceTypes } from '../../src/assembly/support.ts';
import { supportList } from '../../src/assembly/support-list.ts';

const document = readFileSync(new URL('../../../../docs/feature-support.md', import.meta.url), 'utf8');

describe('the support table', () => {
  it('is what docs/feature-support.md says (node packages/local-aws/src/assembly/support-list.ts prints it)', () => {
    const section = document.split('\n## ').find((part) => part.startsWith('Template\n')) ?? '';
    const list = section.split('\n\n').find((part) => /^- \[x\] `AWS::/.test(part)) ?? '';
    expect(list.split('\n')).toEqual(supportList().split('\n'));
  });

  it('is printed in lines of at most 120 columns', () => {
    expect(
      supportList()
        .split('\n')
        .filter((line) => line.length > 120),
    ).toEqual([]);
  });

  it('has each type once', () => {
    const types = supportList()
      .split('\n')
      .flatMap((line) => /^- \[.\] (?:inert )?`([^`]+)`/.exec(line)?.[1] ?? []);
    expect(types).toEqual([...support.keys()]);
  });

  it.each(supportedResourceTypes)('$type declares no property both honoured and inert', ({ honoured, inert }) => {
    for (const path of Object.keys(inert)) {
      expect(honoured.filter((other) => other === path || other.startsWith(`${path}.`))).toEqual([]);
    }
  });

  it.each(supportedResourceTypes)('$type honours the property that names it', ({ honoured, nameProperty }) => {
    if (nameProperty !== '') expect(honoured).toContain(nameProperty);
  });
});
