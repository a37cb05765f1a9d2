import { CreateStreamCommand, PutRecordCommand, RegisterStreamConsumerCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cbor, tag } from '@smithy/core/cbor';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

// The Java SDK speaks CBOR with Kinesis: the API's members, blobs as bytes, times with tag 1 in milliseconds.
const TYPE = 'application/x-amz-cbor-1.1';
const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
const SHARD = 'shardId-000000000000';

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint();
  await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
});
afterAll(() => aws.stop());

async function send(operation: string, body: Uint8Array): Promise<Response> {
  const headers = { 'x-amz-target': `Kinesis_20131202.${operation}`, 'content-type': TYPE };
  return fetch(aws.endpoint, { method: 'POST', headers, body: new Uint8Array(body) });
}

async function call(
  operation: string,
  input: object,
): Promise<{ status: number; type: string | null; output: object }> {
  const response = await send(operation, cbor.serialize(input));
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type'), output: cbor.deserialize(body) };
}

const memberOf = (output: object, name: string): unknown => Object.entries(output).find(([key]) => key === name)?.[1];

describe('CBOR', () => {
  it('puts and gets bytes and times', async () => {
    const Data = Buffer.from([0, 255, 1]);
    const put = await call('PutRecord', { StreamName: 's', PartitionKey: 'ж', Data: new Uint8Array(Data) });
    expect(put).toMatchObject({ status: 200, type: TYPE, output: { ShardId: SHARD } });
    const opened = await call('GetShardIterator', {
      StreamName: 's',
      ShardId: SHARD,
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: tag({ tag: 1, value: Date.now() - 60_000 }),
    });
    const { output } = await call('GetRecords', { ShardIterator: memberOf(opened.output, 'ShardIterator') });
    expect(output).toMatchObject({
      MillisBehindLatest: 0,
      Records: [
        {
          PartitionKey: 'ж',
          Data: new Uint8Array(Data),
          ApproximateArrivalTimestamp: { tag: 1, value: expect.any(Number) },
        },
      ],
    });
    const [record] = [memberOf(output, 'Records')].flat();
    const time = Object(memberOf(Object(record), 'ApproximateArrivalTimestamp')).value;
    expect(Math.abs(Date.now() - Number(time))).toBeLessThan(60_000);
  });

  it('reads maps and texts of indefinite length, as the Java SDK writes them', async () => {
    // {_ "StreamName": (_ "s")}
    const body = Buffer.concat([
      Buffer.from([0xbf, 0x6a]),
      Buffer.from('StreamName'),
      Buffer.from([0x7f, 0x61]),
      Buffer.from('s'),
      Buffer.from([0xff, 0xff]),
    ]);
    const response = await send('DescribeStreamSummary', body);
    expect(response.status).toBe(200);
    const output = cbor.deserialize(new Uint8Array(await response.arrayBuffer()));
    expect(output).toMatchObject({ StreamDescriptionSummary: { StreamARN: ARN, StreamCreationTimestamp: { tag: 1 } } });
  });

  it('answers errors in CBOR, also those of a body that is none', async () => {
    expect(await call('DescribeStreamSummary', { StreamName: 'none' })).toMatchObject({
      status: 400,
      type: TYPE,
      output: { __type: 'ResourceNotFoundException' },
    });
    const response = await send('ListStreams', Buffer.from('{'));
    expect(response.headers.get('content-type')).toBe(TYPE);
    const output = cbor.deserialize(new Uint8Array(await response.arrayBuffer()));
    expect(output).toMatchObject({ __type: 'SerializationException' });
  });

  it('sends the events of a subscription in CBOR', async () => {
    const { Consumer } = await aws.clients.kinesis.send(
      new RegisterStreamConsumerCommand({ StreamARN: ARN, ConsumerName: 'c' }),
    );
    await aws.clients.kinesis.send(
      new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: Buffer.from([9]) }),
    );
    const input = {
      ConsumerARN: Consumer?.ConsumerARN,
      ShardId: SHARD,
      StartingPosition: { Type: 'TRIM_HORIZON' },
    };
    const response = await send('SubscribeToShard', cbor.serialize(input));
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    const text = (bytes: Uint8Array | string) => Buffer.from(bytes).toString();
    const codec = new EventStreamCodec(text, (given) => Buffer.from(given));
    let bytes = Buffer.alloc(0);
    const seen: object[] = [];
    for await (const chunk of response.body ?? []) {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 4 && bytes.length >= bytes.readUInt32BE(0)) {
        const { headers, body } = codec.decode(bytes.subarray(0, bytes.readUInt32BE(0)));
        bytes = bytes.subarray(bytes.readUInt32BE(0));
        seen.push({ type: headers[':event-type']?.value, content: cbor.deserialize(body) });
      }
      if (seen.length > 1) break;
    }
    expect(seen).toMatchObject([
      { type: 'initial-response', content: {} },
      { type: 'SubscribeToShardEvent', content: { Records: [{}, { Data: new Uint8Array([9]) }] } },
    ]);
  });
});
