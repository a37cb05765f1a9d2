import { gunzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import fc from 'fast-check';
import type { Configuration } from '../../../functions/flatten-removals/configuration.ts';
import { flattenRemovals } from '../../../functions/flatten-removals/flatten-removals.ts';
import cases from './cases/rows.json' with { type: 'json' };

const tableLabels = new Map([
  ['Stack-Tweets', 'tweets'],
  ['Stack-Hashtags', 'hashtags'],
]);
const full: Configuration = { tableLabels, archiveContent: 'full' };

describe('flattenRemovals', () => {
  it.each(cases)('$name', ({ input, expected }) => {
    const archiveContent = input.archiveContent === 'keys' ? 'keys' : 'full';

    expect(flattenRemovals([input.event], { tableLabels, archiveContent })).toEqual([expected]);
  });

  it('gives one row per event in order when some are bad', () => {
    const rows = flattenRemovals([removal('a', {}), 'bad', removal('b', { text: { Q: '' } }), removal('c', {})], full);

    expect(rows.map((row) => [row.event_id, row.error])).toEqual([
      ['a', undefined],
      [null, 'MalformedEvent'],
      ['b', 'MalformedAttribute'],
      ['c', undefined],
    ]);
  });

  it('gives no row for no event', () => {
    expect(flattenRemovals([], full)).toEqual([]);
  });

  it('refuses an input that is no array', () => {
    expect(() => flattenRemovals({ Records: [] }, full)).toThrow('expected an array of DynamoDB stream events');
  });

  it('compresses a row that escapes make too large for Firehose, and loses nothing', () => {
    const text = '\u0001'.repeat(400_000);

    const [row] = flattenRemovals(
      [removal('a', { text: { S: text }, record: { S: 'shardId-000000000000:0011' } })],
      full,
    );

    expect(row).toMatchObject({
      event_id: 'a',
      table: 'tweets',
      id: '1',
      record: 'shardId-000000000000:0011',
      cause: 'user',
    });
    expect(row?.text).toBeUndefined();
    const whole = JSON.parse(gunzipSync(Buffer.from(String(row?.row_gzip), 'base64')).toString());
    expect(whole).toMatchObject({ id: '1', text });
  });

  it('compresses an error row that is too large as well', () => {
    const bad = removal('a', { text: { S: '\u0001'.repeat(400_000) }, wrong: { N: 'x' } });

    const [row] = flattenRemovals([bad], full);

    expect(row).toMatchObject({ event_id: 'a', table: 'tweets', error: 'MalformedAttribute' });
    const whole = JSON.parse(gunzipSync(Buffer.from(String(row?.row_gzip), 'base64')).toString());
    expect(JSON.parse(whole.raw_event)).toEqual(bad);
  });

  it('loses no leaf of any item, whatever its attributes are called', () => {
    fc.assert(
      fc.property(image, (attributes) => {
        const [row] = flattenRemovals([removal('a', attributes)], full);

        expect(row?.error).toBeUndefined();
        const { event_id, table, record, removed_at, cause, id, ...columns } = row ?? {};
        expect(Object.values(columns).flatMap(leavesOf).sort()).toEqual(
          Object.values(attributes).flatMap(expectedLeaves).sort(),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the array holds', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (events) => {
        const input: Json = JSON.parse(JSON.stringify(events));

        expect(flattenRemovals(input, full)).toHaveLength(events.length);
      }),
    );
  });
});

function removal(eventId: string, attributes: JsonObject): JsonObject {
  return {
    eventID: eventId,
    eventName: 'REMOVE',
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/Stack-Tweets/stream/2026-01-01T00:00:00.000',
    dynamodb: { ApproximateCreationDateTime: 1_767_225_600, Keys: { id: { S: '1' } }, OldImage: attributes },
  };
}

/**
 * Names that collide, are reserved or mean something to JavaScript, besides any name. `record` and `id` have a meaning
 * of their own.
 */
const attributeName = fc
  .oneof(
    fc.constantFrom('a', 'A', 'aB', 'a_b', 'a_2', '', '__proto__', 'constructor', 'table', 'error', 'watermarks'),
    fc.string(),
  )
  .filter((name) => name !== 'record' && name !== 'id');

const { value: attributeValue } = fc.letrec<{ value: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.string().map((S) => ({ S })),
      fc.integer().map((n) => ({ N: String(n) })),
      fc.bigInt().map((n) => ({ N: String(n) })),
      fc.boolean().map((BOOL) => ({ BOOL })),
      fc.base64String().map((B) => ({ B })),
      fc.constant({ NULL: true }),
      fc.array(fc.string(), { minLength: 1 }).map((SS) => ({ SS })),
      fc.array(fc.bigInt().map(String), { minLength: 1 }).map((NS) => ({ NS })),
    ),
    fc.array(tie('value')).map((L) => ({ L })),
    fc.array(fc.tuple(attributeName, tie('value'))).map((entries) => ({ M: Object.fromEntries(entries) })),
  ),
}));
const image = fc
  .array(fc.tuple(attributeName, attributeValue))
  .map((entries): JsonObject => Object.fromEntries(entries));

/** What each leaf of an attribute value must appear as; numbers by their exact text. */
function expectedLeaves(value: Json | undefined): string[] {
  const [type, content] = Object.entries(value ?? {})[0] ?? ['none', null];
  switch (type) {
    case 'M':
      return isJsonObject(content) && !isEmpty(content) ? Object.values(content).flatMap(expectedLeaves) : ['{}'];
    case 'L':
      return Array.isArray(content) && content.length > 0 ? content.flatMap(expectedLeaves) : ['[]'];
    case 'SS':
    case 'NS':
      return Array.isArray(content) ? content.map((item) => `scalar ${item}`) : [];
    case 'NULL':
      return ['scalar null'];
    default:
      return [`scalar ${content}`];
  }
}

function leavesOf(value: Json | undefined): string[] {
  if (isEmpty(value)) return ['{}'];
  if (Array.isArray(value)) return value.length > 0 ? value.flatMap(leavesOf) : ['[]'];
  if (isJsonObject(value)) return Object.values(value).flatMap(leavesOf);
  return [typeof value === 'number' ? `scalar ${BigInt(value)}` : `scalar ${value}`];
}

function isEmpty(value: Json | undefined): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
