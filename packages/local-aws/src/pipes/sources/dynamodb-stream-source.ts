import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DescribeStreamCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { callJson } from '@tweet-pipes/kit/json-call';
import type { StreamRecord } from './record.ts';
import type { Page, Shard, StreamSource } from './source.ts';

/** GetRecords of a DynamoDB stream refuses a higher limit. */
const maximumLimit = 1000;
const GET_RECORDS = { service: 'DynamoDBStreams_20120810', operation: 'GetRecords' } as const;

/** The stream to read, and the client to read it with. */
export interface DynamoDbStreamSourceOptions {
  /** Returns the client for each call. The caller creates and destroys it. */
  client: () => DynamoDBStreamsClient;
  /** `arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>` */
  arn: string;
  region: string;
}

/**
 * A DynamoDB stream as a pipe source (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html).
 * Events have `eventVersion` 1.1 and the stream's ARN, as real streams send them.
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
          // An engine may report an ending sequence number on open shards. Only a missing next iterator marks the end.
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
      const { body } = await callJson(client(), GET_RECORDS, { ShardIterator, Limit }, abortSignal);
      const records = Array.isArray(body.Records) ? body.Records : [];
      return {
        records: records.filter(isJsonObject).map((record) => dynamoDbRecord(record, options)),
        next: typeof body.NextShardIterator === 'string' ? body.NextShardIterator : undefined,
        behindMs: 0,
      };
    },
  };
}

/**
 * The event of one stream record as GetRecords answers it in JSON: images in DynamoDB JSON, binary values as base64,
 * the creation time in whole epoch seconds.
 */
export function dynamoDbRecord(record: JsonObject, pipe: { arn: string; region: string }): StreamRecord {
  const change = isJsonObject(record.dynamodb) ? record.dynamodb : {};
  const seconds = Math.floor(Number(change.ApproximateCreationDateTime ?? 0));
  const sequenceNumber = stringOf(change.SequenceNumber);
  const eventId = stringOf(record.eventID);
  const event: JsonObject = {
    eventID: eventId,
    eventName: stringOf(record.eventName),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: pipe.region,
    dynamodb: { ...change, ApproximateCreationDateTime: seconds },
    ...userIdentityOf(record.userIdentity),
    eventSourceARN: pipe.arn,
  };
  let bytes: number | undefined;
  return {
    eventId,
    sequenceNumber,
    arrivalMs: seconds * 1000,
    event,
    parsedEvent: event,
    body: { field: 'dynamodb', isJson: true },
    // Computed on demand: most records are dropped by the filter.
    get bytes() {
      bytes ??= Buffer.byteLength(JSON.stringify(event));
      return bytes;
    },
  };
}

/** Present on removals by TTL only. */
function userIdentityOf(userIdentity: Json | undefined): JsonObject {
  if (!isJsonObject(userIdentity)) return {};
  return { userIdentity: { type: stringOf(userIdentity.Type), principalId: stringOf(userIdentity.PrincipalId) } };
}

function stringOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
