import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { readColumnTypes } from '../../../functions/flatten-orders/configuration.ts';
import { flattenOrder } from '../../../functions/flatten-orders/flatten-order.ts';
import { transformRecords } from '../../../functions/transformation/transform-records.ts';
import { BundledHandler } from '../bundled-handler.ts';
import { rowOf, sourceRecord, transformationOf } from '../transformation.ts';

const COLUMN_TYPES = '{"price_minor":"bigint","quantity":"bigint","points":"bigint","gift":"boolean"}';
const types = readColumnTypes({ COLUMN_TYPES });
const flatten = (...records: readonly JsonObject[]) =>
  transformRecords(transformationOf(records), (source) => flattenOrder(source, types));

// Parsed here: an import makes objects of JSON by a literal, which loses the key `__proto__`.
const cases: { name: string; event: JsonObject; row: JsonObject }[] = JSON.parse(
  readFileSync(new URL('cases.json', import.meta.url), 'utf8'),
);

const insert = (orderid: string, attributes: object = {}, SequenceNumber = '1') =>
  JSON.stringify({
    eventName: 'INSERT',
    dynamodb: {
      Keys: { orderid: { S: orderid } },
      NewImage: { orderid: { S: orderid }, ...attributes },
      SequenceNumber,
    },
  });

describe('the rows of changes', () => {
  it.each(cases)('hold $name', ({ event, row }) => {
    const { records, failed } = flatten(sourceRecord(JSON.stringify(event)));

    expect(failed).toEqual([]);
    expect(records.map(rowOf).map((each) => Object.entries(each ?? {}).sort())).toEqual([Object.entries(row).sort()]);
  });

  it('are one line each, whatever a text holds', () => {
    const { records } = flatten(sourceRecord(insert('o1', { note: { S: 'a\r\nb\n{"c":"d"}\n' } })));
    const line = Buffer.from(records[0]?.data ?? '', 'base64').toString();

    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toMatchObject({ note: 'a\r\nb\n{"c":"d"}\n' });
  });

  it('sort as text in the order of the stream', () => {
    const numbers = ['9', '10', '99999999999999999999', '100000000000000000000', '4421584500000000017450439091'];
    const { records } = flatten(...numbers.map((each) => sourceRecord(insert('o1', {}, each))));
    const sequences = records.map((record) => String(rowOf(record)?.sequence));

    expect(sequences.toSorted()).toEqual(sequences);
    expect(sequences.map(BigInt)).toEqual(numbers.map(BigInt));
  });

  it('hold an item of 400 KB', () => {
    const { records } = flatten(sourceRecord(insert('o1', { note: { S: 'x'.repeat(399_000) }, blob: { B: 'AP8=' } })));

    expect(records.map(rowOf)).toMatchObject([{ note: 'x'.repeat(399_000), blob: 'AP8=' }]);
  });

  it.each([
    ['no JSON', 'secret', 'not-json'],
    ['bytes that are no text', Buffer.from([0xff]), 'not-json'],
    ['no change', '{"secret":1}', 'not-a-change: eventName, dynamodb'],
    ['a list', '["secret"]', 'not-a-change'],
    [
      'a change without a key',
      '{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"1"}}',
      'not-a-change: dynamodb.Keys',
    ],
    [
      'a sequence that is no number',
      '{"eventName":"REMOVE","dynamodb":{"Keys":{"orderid":{"S":"secret"}},"SequenceNumber":"x"}}',
      'not-a-change: dynamodb.SequenceNumber',
    ],
    ['an attribute of no type', insert('o1', { note: { X: 'secret' } }), 'not-processable: TypeError'],
    ['a number that is none', insert('o1', { price_minor: { N: 'secret' } }), 'not-processable: its N is not a number'],
    ['lists within lists', nested(20_000), expect.stringMatching(/^not-processable: Maximum call stack/)],
  ])('leave out %s, while the others go on', (_, data, reason) => {
    const records = [sourceRecord(insert('o1'), 'a'), sourceRecord(data, 'b'), sourceRecord(insert('o2'), 'c')];
    const answer = flatten(...records);

    expect(answer.records.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['a', 'Ok'],
      ['b', 'ProcessingFailed'],
      ['c', 'Ok'],
    ]);
    expect(answer.records[1]?.data).toBe(records[1]?.data);
    expect(answer.failed).toEqual([{ record: 'shardId-000000000001/4960', reason }]);
    expect(JSON.stringify(answer.failed)).not.toContain('secret');
  });
});

function nested(depth: number): string {
  return insert('o1', { list: 0 }).replace(':0', `:${'{"L":['.repeat(depth)}${']}'.repeat(depth)}`);
}

describe('COLUMN_TYPES', () => {
  it.each([[undefined], ['x'], ['[]'], ['{"price_minor":"decimal"}']])('is refused by name if it is %s', (text) => {
    expect(() => readColumnTypes({ COLUMN_TYPES: text })).toThrow('COLUMN_TYPES must be a JSON object');
  });
});

describe('the bundled handler', () => {
  let bundled: BundledHandler;
  beforeAll(async () => {
    bundled = await BundledHandler.build('flatten-orders');
  });
  afterAll(() => bundled.remove());

  it('answers rows, and names in its log what became none, without its content', async () => {
    const records = [sourceRecord(insert('o1'), 'a'), sourceRecord('secret', 'b')];
    const [metric = '', answer = ''] = await bundled.run(transformationOf(records), { COLUMN_TYPES });

    expect(JSON.parse(answer)).toMatchObject({ records: [{ result: 'Ok' }, { result: 'ProcessingFailed' }] });
    expect(JSON.parse(metric)).toMatchObject({ FailedRecords: 1, records: [{ reason: 'not-json' }] });
    expect(metric).not.toContain('secret');
  });

  it('does not start without COLUMN_TYPES', async () => {
    await expect(bundled.run(transformationOf([]), {})).rejects.toThrow('COLUMN_TYPES must be');
  });
});
