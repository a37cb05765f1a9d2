import { describe, expect, it } from '@jest/globals';
import { deadLetterBody } from '../../../local/pipes/dead-letter.ts';
import { recordOf } from './fakes.ts';

const records = [
  recordOf(3, {}, Date.parse('2023-06-19T15:03:50.123Z')),
  recordOf(9, {}, Date.parse('2023-06-19T15:03:51.000Z')),
];
const pipeArn = 'arn:aws:pipes:us-east-1:000000000000:pipe/p';
const nowMs = Date.parse('2023-06-19T15:03:51.498Z');

describe('the dead-letter message', () => {
  it('points at Kinesis records, with milliseconds (captured from a live pipe, 2023)', () => {
    const source = { kind: 'kinesis', arn: 'stream-arn' } as const;
    expect(
      deadLetterBody({ pipeArn, source, shardId: 's', condition: 'RetryAttemptsExhausted', records, nowMs }),
    ).toEqual({
      context: { partnerResourceArn: pipeArn, condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      timestamp: '2023-06-19T15:03:51.498Z',
      KinesisBatchInfo: {
        shardId: 's',
        startSequenceNumber: '3',
        endSequenceNumber: '9',
        approximateArrivalOfFirstRecord: '2023-06-19T15:03:50.123Z',
        approximateArrivalOfLastRecord: '2023-06-19T15:03:51.000Z',
        batchSize: 2,
        streamArn: 'stream-arn',
      },
    });
  });

  it('points at DynamoDB records, in whole seconds (write-up of a live pipe, 2024; mappings recorded 2025)', () => {
    const source = { kind: 'dynamodb', arn: 'stream-arn' } as const;
    const body = deadLetterBody({
      pipeArn,
      source,
      shardId: 's',
      condition: 'RecordAgeExceeded',
      records: records.slice(1),
      nowMs,
    });
    expect(body).toMatchObject({
      context: { condition: 'RecordAgeExceeded' },
      DDBStreamBatchInfo: { approximateArrivalOfFirstRecord: '2023-06-19T15:03:51Z', batchSize: 1 },
    });
  });
});
