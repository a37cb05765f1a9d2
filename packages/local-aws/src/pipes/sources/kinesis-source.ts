import type { KinesisClient, _Record as KinesisRecord } from '@aws-sdk/client-kinesis';
import { GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { callJson } from '@tweet-pipes/kit/json-call';
import { parseBody } from '@tweet-pipes/kit/parse-body';
import type { StreamRecord } from './record.ts';
import type { Page, Shard, StreamSource } from './source.ts';

const GET_RECORDS = { service: 'Kinesis_20131202', operation: 'GetRecords' } as const;

/** Bytes of an event around its `data`: field names, ARN, ids. */
const envelopeBytes = 600;

/** The stream to read, the client to read it with, and the role that events name. */
export interface KinesisSourceOptions {
  /** Returns the client for each call. The caller creates and destroys it. */
  client: () => KinesisClient;
  /** `arn:aws:kinesis:<region>:<account>:stream/<name>` */
  arn: string;
  region: string;
  /** The pipe's role, which AWS shows as `invokeIdentityArn`. */
  roleArn: string;
}

/**
 * A Kinesis stream as a pipe source: flat events
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html).
 */
export function kinesisSource(options: KinesisSourceOptions): StreamSource {
  const { client, arn } = options;
  const StreamName = arn.slice(arn.indexOf(':stream/') + ':stream/'.length);
  return {
    kind: 'kinesis',
    arn,
    async listShards(abortSignal) {
      const shards: Shard[] = [];
      let NextToken: string | undefined;
      do {
        const input = NextToken === undefined ? { StreamName } : { NextToken };
        const answer = await client().send(new ListShardsCommand(input), { abortSignal });
        for (const shard of answer.Shards ?? []) {
          if (shard.ShardId === undefined) continue;
          shards.push({
            shardId: shard.ShardId,
            parentShardIds: [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined),
            closed: shard.SequenceNumberRange?.EndingSequenceNumber !== undefined,
          });
        }
        NextToken = answer.NextToken;
      } while (NextToken !== undefined);
      return shards;
    },
    async openIterator(ShardId, after, abortSignal) {
      const start =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' as const }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: after };
      const answer = await client().send(new GetShardIteratorCommand({ StreamName, ShardId, ...start }), {
        abortSignal,
      });
      if (answer.ShardIterator === undefined) throw new Error(`Kinesis gave no iterator for ${ShardId} of ${arn}`);
      return answer.ShardIterator;
    },
    async getRecords(shardId, ShardIterator, Limit, abortSignal): Promise<Page> {
      // The SDK takes longer for its walk over the answer than the engine for the records.
      const { body } = await callJson(client(), GET_RECORDS, { ShardIterator, Limit }, abortSignal);
      const records = Array.isArray(body.Records) ? body.Records : [];
      return {
        records: records.filter(isJsonObject).map((record) => kinesisRecord(fromJson(record), shardId, options)),
        next: typeof body.NextShardIterator === 'string' ? body.NextShardIterator : undefined,
        behindMs: Number(body.MillisBehindLatest ?? 0),
      };
    },
  };
}

/** A record of an answer in JSON, as the SDK gives it. */
function fromJson({ Data, PartitionKey, SequenceNumber, ApproximateArrivalTimestamp }: JsonObject): KinesisRecord {
  return {
    Data: Buffer.from(String(Data ?? ''), 'base64'),
    PartitionKey: String(PartitionKey ?? ''),
    SequenceNumber: String(SequenceNumber ?? ''),
    ApproximateArrivalTimestamp: new Date(Math.round(Number(ApproximateArrivalTimestamp ?? 0) * 1000)),
  };
}

/** The event of one Kinesis record. The body is parsed when a filter or a template first reads it. */
export function kinesisRecord(
  record: KinesisRecord,
  shardId: string,
  pipe: { arn: string; region: string; roleArn: string },
): StreamRecord {
  const bytes = record.Data ?? new Uint8Array();
  const sequenceNumber = record.SequenceNumber ?? '';
  const arrivalMs = record.ApproximateArrivalTimestamp?.getTime() ?? 0;
  const eventId = `${shardId}:${sequenceNumber}`;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const event: JsonObject = {
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: eventId,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: pipe.roleArn,
    awsRegion: pipe.region,
    eventSourceARN: pipe.arn,
    kinesisSchemaVersion: '1.0',
    partitionKey: record.PartitionKey ?? '',
    sequenceNumber,
    data,
    approximateArrivalTimestamp: arrivalMs / 1000,
  };
  let parsed: { isJson: boolean; event: JsonObject } | undefined;
  const parse = () => {
    if (parsed === undefined) {
      const body = parseBody(bytes);
      parsed = body === undefined ? { isJson: false, event } : { isJson: true, event: { ...event, data: body.value } };
    }
    return parsed;
  };
  return {
    eventId,
    sequenceNumber,
    arrivalMs,
    event,
    get parsedEvent() {
      return parse().event;
    },
    body: {
      field: 'data',
      get isJson() {
        return parse().isJson;
      },
    },
    bytes: data.length + envelopeBytes,
  };
}
