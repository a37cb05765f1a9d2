import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import type * as z from 'zod';

import { optionDocumentation, optionSchema } from '../../infra/options.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const defaults: Record<string, unknown> = optionSchema.parse({});
const options: [string, z.ZodType][] = Object.entries(optionSchema.shape);

/** The rows of the page's table: option, unit, default, allowed, meaning. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(2, -2).split(' | '));

describe('docs/configuration.md', () => {
  it('has one row per option, in the order of the schema', () => {
    expect(rows.map(([name]) => name)).toEqual(options.map(([name]) => `\`${name}\``));
  });

  it.each(options)('says of %s what the schema says', (name, schema) => {
    const documented = optionDocumentation.get(schema);
    const byDefault = defaults[name];

    expect(rows.find(([option]) => option === `\`${name}\``)?.slice(1)).toEqual([
      documented?.unit,
      byDefault === undefined ? '–' : `\`${byDefault}\``,
      documented?.allowed,
      documented?.meaning,
    ]);
  });
});
