import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import fc from 'fast-check';
import { compileTemplate } from '../../../src/pipes/template/input-template.ts';
import type { TemplateInput } from '../../../src/pipes/template/render.ts';
import { renderTemplate } from '../../../src/pipes/template/render.ts';
import { readCases, recordOf } from '../fixture.ts';

const at = (file: string) => new URL(`cases/${file}.json`, import.meta.url);

const variables: TemplateInput['variables'] = {
  'aws.pipes.pipe-arn': 'pipe-arn',
  'aws.pipes.pipe-name': 'pipe-name',
  'aws.pipes.source-arn': 'source-arn',
  'aws.pipes.enrichment-arn': 'enrichment-arn',
  'aws.pipes.target-arn': 'target-arn',
  'aws.pipes.event.ingestion-time': '2026-01-01T00:00:00.000Z',
};

function render(template: string, data: string): string {
  const record = recordOf(1, Buffer.from(data), 1500);
  return renderTemplate(compileTemplate(template), { raw: record.event, parsed: record.parsedEvent, variables });
}

interface Expected {
  json?: Json;
  text?: string;
  error?: string;
}

describe('input templates', () => {
  const cases = readCases<{ template: string; data: string; pick?: string[] }, Expected>(at('rendering'));
  it.each(cases)('$name', ({ input, expected }) => {
    if (expected.error !== undefined) {
      expect(() => render(input.template, input.data)).toThrow(expected.error);
      return;
    }
    const text = render(input.template, input.data);
    if (expected.text !== undefined) expect(text).toBe(expected.text);
    let value: Json | undefined = JSON.parse(text);
    for (const name of input.pick ?? []) value = isJsonObject(value) ? value[name] : undefined;
    if (expected.json !== undefined) expect(value).toEqual(expected.json);
  });

  it('passes any JSON object through a value placeholder unchanged', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: false }), (object) => {
        const data = JSON.stringify(object);
        expect(render('{"reading": <$.data>}', data)).toBe(`{"reading":${JSON.stringify(JSON.parse(data))}}`);
      }),
    );
  });

  it('gives valid JSON or an error, whatever the data', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (data) => {
        let text: string;
        try {
          text = render('{"id": <$.eventID>, "in": "a <$.data> b", "reading": <$.data>}', data);
        } catch (error) {
          expect(error).toMatchObject({ name: 'InvalidTransformation' });
          return;
        }
        expect(() => JSON.parse(text)).not.toThrow();
      }),
    );
  });
});

describe('input templates refused at create', () => {
  it.each(readCases<string, string>(at('refused')))('$name', ({ input, expected }) => {
    expect(() => compileTemplate(input)).toThrow(expected);
  });
});
