import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { STATE_FIELDS } from '../../src/states/definition/fields.ts';
import { integrations } from '../../src/states/integrations/catalog.ts';

const page = readFileSync(new URL('../../../../docs/feature-support.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## Express workflows')).split('\n## ')[0] ?? '';

describe('docs/feature-support.md, Express workflows', () => {
  it('lists the resources of the catalog, no more and no fewer', () => {
    const listed = [...section.matchAll(/`(arn:aws:states:::[^`]+)`/g)].map(([, resource]) => resource);
    expect(listed.sort()).toEqual([...integrations.keys()].sort());
  });

  it.each(Object.entries(STATE_FIELDS))('lists the fields of %s', (type, fields) => {
    const [, listed] = new RegExp(`^- \\[x\\] \`${type}\`: ([^;\\n]+)`, 'm').exec(section) ?? [];
    expect(listed?.split(', ').sort()).toEqual([...fields].sort());
  });
});
