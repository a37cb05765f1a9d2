import { describe, expect, it } from '@jest/globals';
import { flattenTweet } from '../../../functions/flatten-tweets/flatten-tweet.ts';
import { transformRecords } from '../../../functions/transformation/transform-records.ts';
import { arrivedMs, rowOf, sourceRecord } from '../transformation.ts';
import cases from './cases.json' with { type: 'json' };
import { flatten } from './flatten.ts';

const tweet = (id: string, text = '') => JSON.stringify({ id_str: id, text });

describe('the rows of tweets', () => {
  it.each(cases)('makes one row of $name', ({ record, row }) => {
    const { records, failed } = flatten(sourceRecord(JSON.stringify(record)));

    expect(failed).toEqual([]);
    expect(records.map(rowOf)).toEqual([row]);
  });

  it('answers each record once, in order, and ends each row with a newline', () => {
    const { records } = flatten(
      sourceRecord(tweet('1'), 'a'),
      sourceRecord('no JSON', 'b'),
      sourceRecord(tweet('2'), 'c'),
    );

    expect(records.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['a', 'Ok'],
      ['b', 'ProcessingFailed'],
      ['c', 'Ok'],
    ]);
    const lines = Buffer.from(records[0]?.data ?? '', 'base64').toString();
    expect(lines.indexOf('\n')).toBe(lines.length - 1);
  });

  // https://docs.aws.amazon.com/streams/latest/dev/kpl-with-firehose.html: on AWS such a record comes unpacked.
  it.each([
    ['what is no JSON', 'tweet', 'not-an-object'],
    ['half a record', '{"id_str":"1"', 'not-an-object'],
    ['bytes that are not UTF-8', Buffer.from('{"id_str":"\xe9"}', 'latin1'), 'not-an-object'],
    ['a list', '[{"id_str":"1"}]', 'not-an-object'],
    ['a packed record', Buffer.from('f3899ac20a0131', 'hex'), 'kpl-aggregated'],
    ['another message of the API', '{"limit":{"track":3}}', 'no-id'],
    ['a tweet with a numeric id alone', '{"id":1}', 'no-id'],
    ['a tweet with a text in a list', '{"id_str":"1","text":["x"]}', 'wrong-type: text'],
    ['a tweet that ends within an emoji', '{"id_str":"1","text":"\\ud83d"}', 'lone-surrogate: text'],
    [
      'lists within lists',
      `{"id_str":"1","user":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      expect.stringMatching(/^not-processable: /),
    ],
  ])('fails %s by the reason of its quarantined object, and gives it back as it came', (_, data, reason) => {
    const record = sourceRecord(data);
    const { records, failed } = flatten(record);

    expect(records).toEqual([{ recordId: 'r1', result: 'ProcessingFailed', data: record.data }]);
    expect(failed).toEqual([{ record: 'shardId-000000000001/4960', reason }]);
  });

  it('cuts a text where the table cuts it', () => {
    const { records } = flatten(sourceRecord(tweet('1', '🙂'.repeat(30_000))));

    expect(records.map(rowOf)).toMatchObject([{ text: '🙂'.repeat(25_000) }]);
  });

  it('keeps line breaks of a text within its line', () => {
    const { records } = flatten(sourceRecord(tweet('1', 'a\nb\u2028c')));

    expect(
      Buffer.from(records[0]?.data ?? '', 'base64')
        .toString()
        .trimEnd(),
    ).not.toContain('\n');
    expect(records.map(rowOf)).toMatchObject([{ text: 'a\nb\u2028c' }]);
  });

  it.each([
    ['milliseconds', arrivedMs],
    ['seconds', arrivedMs / 1000],
    ['ISO 8601', '2026-01-01T00:00:00.250Z'],
  ])('takes an arrival in %s', (_, approximateArrivalTimestamp) => {
    const { kinesisRecordMetadata: _metadata, ...direct } = sourceRecord(tweet('1'));
    const { records } = flatten({ ...direct, approximateArrivalTimestamp });

    expect(records.map(rowOf)).toMatchObject([{ arrived_at: '2026-01-01 00:00:00.250' }]);
  });

  it('gives no position to a record that comes from no stream', () => {
    const { kinesisRecordMetadata: _, ...direct } = sourceRecord('no JSON', 'direct');
    const { kinesisRecordMetadata: __, ...readable } = sourceRecord(tweet('1'));
    const { records, failed } = flatten(direct, readable);

    expect(records.map(rowOf)[1]).not.toHaveProperty('position');
    expect(failed).toMatchObject([{ record: 'direct' }]);
  });

  it('answers within the 6 MB of Lambda, and fails by name what does not fit', () => {
    const large = JSON.stringify({ id_str: '1', text: 'x'.repeat(25_000), lang: 'y' });
    const batch = Array.from({ length: 300 }, (_, index) => sourceRecord(large, `r${index}`));
    const { records, failed } = flatten(...batch);

    expect(records).toHaveLength(300);
    expect(Buffer.byteLength(JSON.stringify({ records }))).toBeLessThan(6 * 1024 * 1024);
    const rows = records.filter(({ result }) => result === 'Ok');
    expect(rows.length).toBeGreaterThan(150);
    expect(failed).toHaveLength(300 - rows.length);
    expect(new Set(failed.map(({ reason }) => reason))).toEqual(new Set(['answer-full']));
    expect(records.at(-1)).toEqual({ recordId: 'r299', result: 'ProcessingFailed' });
  });

  it('answers a batch of the shortest delete notices with less than it came with', () => {
    const notice = '{"delete":{"status":{"id_str":"1050118621198921728"}}}';
    const batch = Array.from({ length: 100 }, (_, index) => ({
      ...sourceRecord(notice, `${'4'.repeat(56)}${String(index).padStart(6, '0')}`),
      kinesisRecordMetadata: {
        shardId: 'shardId-000000000001',
        partitionKey: '1050118621198921728',
        sequenceNumber: '4'.repeat(56),
        subsequenceNumber: 0,
        approximateArrivalTimestamp: arrivedMs,
      },
    }));

    expect(JSON.stringify(flatten(...batch).records).length).toBeLessThan(JSON.stringify(batch).length);
  });

  it.each([[{}], [[]], [{ records: [{ recordId: 'a', data: 5 }] }]])('refuses %j, which is no event', (event) => {
    expect(() => transformRecords(event, flattenTweet)).toThrow('expected a transformation event of Firehose');
  });
});
