import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BundledHandler } from '../bundled-handler.ts';
import { sourceRecord } from '../transformation.ts';

describe('the bundled handler', () => {
  let bundled: BundledHandler;
  beforeAll(async () => {
    bundled = await BundledHandler.build('flatten-tweets');
  });
  afterAll(() => bundled.remove());

  const run = (event: unknown) => bundled.run(event);

  it('answers rows, and counts and names in a metric what failed', async () => {
    const records = [sourceRecord('{"id_str":"1"}', 'a'), sourceRecord('secret', 'b')];
    const [metric = '', answer = ''] = await run({ records });

    expect(JSON.parse(answer)).toMatchObject({ records: [{ result: 'Ok' }, { result: 'ProcessingFailed' }] });
    expect(JSON.parse(metric)).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'TweetPipes',
            Dimensions: [['FunctionName']],
            Metrics: [{ Name: 'FailedRecords', Unit: 'Count' }],
          },
        ],
      },
      FunctionName: 'flatten',
      FailedRecords: 1,
      records: [{ record: 'shardId-000000000001/4960', reason: 'not-an-object' }],
    });
    expect(metric).not.toContain('secret');
  });

  it('writes nothing when every record is a row', async () => {
    expect(await run({ records: [sourceRecord('{"id_str":"1"}')] })).toHaveLength(1);
  });

  it('names a hundred of many failed records', async () => {
    const [metric = ''] = await run({ records: Array.from({ length: 300 }, () => sourceRecord('x')) });
    const { FailedRecords, records } = JSON.parse(metric);

    expect([FailedRecords, records.length]).toEqual([300, 100]);
  });
});
