import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { dynamoDbRecord } from '../../../src/pipes/sources/dynamodb-stream-source.ts';
import { kinesisRecord } from '../../../src/pipes/sources/kinesis-source.ts';
import { readCases, recordOf, streamArn } from '../fixture.ts';

const tableStreamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/readings/stream/2026-01-01T00:00:00.000';

interface KinesisInput {
  shardId: string;
  partitionKey: string;
  sequenceNumber: string;
  data: string;
  arrival: string;
}

describe('Kinesis events', () => {
  it.each(readCases<KinesisInput, Json>(new URL('cases/kinesis-event.json', import.meta.url)))(
    '$name',
    ({ input, expected }) => {
      const record = kinesisRecord(
        {
          Data: Buffer.from(input.data),
          PartitionKey: input.partitionKey,
          SequenceNumber: input.sequenceNumber,
          ApproximateArrivalTimestamp: new Date(input.arrival),
        },
        input.shardId,
        { arn: streamArn, region: 'us-east-1', roleArn: 'arn:aws:iam::000000000000:role/pipe' },
      );
      expect(record.event).toEqual(expected);
    },
  );

  it.each([
    ['JSON', Buffer.from('{"a":[1]}'), { a: [1] }],
    ['a JSON string', Buffer.from('"x"'), 'x'],
    ['text that is not JSON', Buffer.from('oops'), 'b29wcw=='],
    ['nothing', Buffer.from(''), ''],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'Iv8i'],
    ['JSON behind a byte order mark', Buffer.from('\ufeff{}'), '77u/e30='],
    ['text beyond the basic plane', Buffer.from('{"t":"#ไทย 🎉"}'), { t: '#ไทย 🎉' }],
  ])('parses a body of %s as AWS does', (_, data, expected) => {
    expect(recordOf(1, data).parsedEvent.data).toEqual(expected);
  });
});

describe('DynamoDB events', () => {
  it('carry images in DynamoDB JSON, the stream ARN and whole seconds', () => {
    const record = dynamoDbRecord(
      {
        eventID: 'e1',
        eventName: 'REMOVE',
        eventVersion: '1.0',
        awsRegion: 'dynoxide',
        userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
        dynamodb: {
          ApproximateCreationDateTime: 1_700_000_000.999,
          Keys: { id: { S: '1' } },
          OldImage: {
            id: { S: '1' },
            n: { N: '12345678901234567890' },
            b: { B: 'AQI=' },
            bs: { BS: ['Aw=='] },
            ss: { SS: ['a'] },
            ns: { NS: ['1'] },
            t: { BOOL: false },
            z: { NULL: true },
            m: { M: { __proto__x: { S: 'p' }, l: { L: [{ N: '1' }, { M: {} }] } } },
          },
          SequenceNumber: '7',
          SizeBytes: 99,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
      },
      { arn: tableStreamArn, region: 'us-east-1' },
    );
    expect(record.event).toEqual({
      eventID: 'e1',
      eventName: 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: tableStreamArn,
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: {
        ApproximateCreationDateTime: 1_700_000_000,
        Keys: { id: { S: '1' } },
        OldImage: {
          id: { S: '1' },
          n: { N: '12345678901234567890' },
          b: { B: 'AQI=' },
          bs: { BS: ['Aw=='] },
          ss: { SS: ['a'] },
          ns: { NS: ['1'] },
          t: { BOOL: false },
          z: { NULL: true },
          m: { M: { __proto__x: { S: 'p' }, l: { L: [{ N: '1' }, { M: {} }] } } },
        },
        SequenceNumber: '7',
        SizeBytes: 99,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(record).toMatchObject({ eventId: 'e1', sequenceNumber: '7', arrivalMs: 1_700_000_000_000 });
  });

  it('keep an attribute called __proto__', () => {
    const OldImage = Object.fromEntries([['__proto__', { S: 'x' }]]);
    const { event } = dynamoDbRecord({ dynamodb: { OldImage } }, { arn: tableStreamArn, region: 'us-east-1' });
    expect(JSON.stringify(event)).toContain('"OldImage":{"__proto__":{"S":"x"}}');
  });
});
