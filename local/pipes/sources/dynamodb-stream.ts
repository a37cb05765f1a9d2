import type { AttributeValue, DynamoDBStreamsClient, _Record as StreamsRecord } from '@aws-sdk/client-dynamodb-streams';
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import type { Json, JsonObject } from '../../json.ts';
import type { StreamRecord } from './record.ts';
import type { Page, Shard, StreamSource } from './source.ts';

/** GetRecords of a DynamoDB stream refuses a higher limit. */
const maximumLimit = 1000;

export interface DynamoDbStreamSourceOptions {
  client: () => DynamoDBStreamsClient;
  /** `arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>` */
  arn: string;
  region: string;
}

/**
 * A DynamoDB stream as a pipe source (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html; `eventVersion`
 * 1.1 and the stream's ARN as real streams send them).
 */
export function dynamoDbStreamSource(options: DynamoDbStreamSourceOptions): StreamSource {
  const { client, arn: StreamArn } = options;
  return {
    kind: 'dynamodb',
    arn: StreamArn,
    async listShards(abortSignal) {
      const shards: Shard[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const answer = await client().send(new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }), {
          abortSignal,
        });
        for (const shard of answer.StreamDescription?.Shards ?? []) {
          if (shard.ShardId === undefined) continue;
          const parentShardIds = shard.ParentShardId === undefined ? [] : [shard.ParentShardId];
          // The local engine reports an ending sequence number on open shards too: only a missing next iterator tells the end.
          shards.push({ shardId: shard.ShardId, parentShardIds, closed: false });
        }
        ExclusiveStartShardId = answer.StreamDescription?.LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return shards;
    },
    async openIterator(ShardId, after, abortSignal) {
      const start =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' as const }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: after };
      const answer = await client().send(new GetShardIteratorCommand({ StreamArn, ShardId, ...start }), {
        abortSignal,
      });
      if (answer.ShardIterator === undefined)
        throw new Error(`DynamoDB gave no iterator for ${ShardId} of ${StreamArn}`);
      return answer.ShardIterator;
    },
    async getRecords(_shardId, ShardIterator, limit, abortSignal): Promise<Page> {
      const Limit = Math.min(limit, maximumLimit);
      const answer = await client().send(new GetRecordsCommand({ ShardIterator, Limit }), { abortSignal });
      const records = (answer.Records ?? []).map((record) => dynamoDbRecord(record, options));
      return { records, next: answer.NextShardIterator, behindMs: 0 };
    },
  };
}

/** The event of one stream record: images in DynamoDB JSON, binary values as base64, the creation time in whole epoch seconds. */
export function dynamoDbRecord(record: StreamsRecord, pipe: { arn: string; region: string }): StreamRecord {
  const change = record.dynamodb ?? {};
  const seconds = Math.floor((change.ApproximateCreationDateTime?.getTime() ?? 0) / 1000);
  const sequenceNumber = change.SequenceNumber ?? '';
  const eventId = record.eventID ?? '';
  const event: JsonObject = {
    eventID: eventId,
    eventName: record.eventName ?? '',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: pipe.region,
    dynamodb: {
      ApproximateCreationDateTime: seconds,
      ...image('Keys', change.Keys),
      ...image('NewImage', change.NewImage),
      ...image('OldImage', change.OldImage),
      SequenceNumber: sequenceNumber,
      ...(change.SizeBytes === undefined ? {} : { SizeBytes: change.SizeBytes }),
      ...(change.StreamViewType === undefined ? {} : { StreamViewType: change.StreamViewType }),
    },
    ...identity(record),
    eventSourceARN: pipe.arn,
  };
  return {
    eventId,
    sequenceNumber,
    arrivalMs: seconds * 1000,
    event,
    parsedEvent: event,
    body: { field: 'dynamodb', isJson: true },
    bytes: Buffer.byteLength(JSON.stringify(event)),
  };
}

/** Present on removals by TTL only. */
function identity(record: StreamsRecord): JsonObject {
  const { PrincipalId: principalId, Type: type } = record.userIdentity ?? {};
  if (principalId === undefined && type === undefined) return {};
  return { userIdentity: { type: type ?? '', principalId: principalId ?? '' } };
}

function image(name: string, attributes: Record<string, AttributeValue> | undefined): JsonObject {
  return attributes === undefined ? {} : { [name]: attributeMap(attributes) };
}

function attributeMap(attributes: Record<string, AttributeValue>): JsonObject {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeJson(value)]));
}

function attributeJson(value: AttributeValue): Json {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.L !== undefined) return { L: value.L.map(attributeJson) };
  if (value.M !== undefined) return { M: attributeMap(value.M) };
  if (value.SS !== undefined) return { SS: [...value.SS] };
  if (value.NS !== undefined) return { NS: [...value.NS] };
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  throw new Error(`A DynamoDB attribute of an unknown type: ${JSON.stringify(value)}`);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
