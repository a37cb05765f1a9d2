import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const text = z.union([z.string(), z.array(z.string())]);
const cell = {
  // From version 4.5 on.
  id: z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/),
  metadata: z.record(z.string(), z.unknown()),
  source: text,
};
const output = z.looseObject({
  output_type: z.enum(['execute_result', 'display_data', 'stream', 'error']),
});

/** Format 4.5 of notebooks, as the schema of nbformat has it (nbformat.v4.5.schema.json). */
const notebookSchema = z.strictObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int().min(5),
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.string(), display_name: z.string() }).optional(),
    language_info: z.looseObject({ name: z.string() }).optional(),
  }),
  cells: z.array(
    z.discriminatedUnion('cell_type', [
      z.strictObject({
        ...cell,
        cell_type: z.literal('markdown'),
        attachments: z.record(z.string(), z.record(z.string(), text)).optional(),
      }),
      z.strictObject({
        ...cell,
        cell_type: z.literal('code'),
        execution_count: z.int().min(0).nullable(),
        outputs: z.array(output),
      }),
    ]),
  ),
});

const notebook = notebookSchema.parse(
  JSON.parse(readFileSync(new URL('../notebooks/results.ipynb', import.meta.url), 'utf8')),
);
const code = notebook.cells.filter((each) => each.cell_type === 'code');

describe('notebooks/results.ipynb', () => {
  it('names each cell once', () => {
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
  });

  it('is committed without results', () => {
    expect(code.length).toBeGreaterThan(5);
    expect(code.filter(({ outputs, execution_count }) => outputs.length > 0 || execution_count !== null)).toEqual([]);
  });

  it('holds no SQL, since its queries are those of the workgroup', () => {
    const sources = code.map(({ source }) => [source].flat().join(''));
    expect(sources.filter((source) => /\bselect\b[\s\S]+\bfrom\b/i.test(source))).toEqual([]);
    // Else the runtime of this machine would not be asked.
    expect(sources.filter((source) => source.includes('endpoint_url'))).toEqual([]);
  });
});
