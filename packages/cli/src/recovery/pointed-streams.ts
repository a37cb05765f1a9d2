import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import {
  GetShardIteratorCommand as GetKinesisIteratorCommand,
  GetRecordsCommand as GetKinesisRecordsCommand,
} from '@aws-sdk/client-kinesis';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { dynamoDbRecord } from '@tweet-pipes/local-aws/pipes/sources/dynamodb-stream-source';
import { kinesisRecord } from '@tweet-pipes/local-aws/pipes/sources/kinesis-source';
import type { PointedStream } from './pointed-records.ts';
import { streamRecordJson } from './stream-record-json.ts';

/** A Kinesis stream. A sequence number that is older than the stream gives the oldest record that is left. */
export function pointedKinesisStream(clients: AwsClients, StreamARN: string): PointedStream {
  const [, , , region = ''] = StreamARN.split(':');
  return {
    async openAt(ShardId, StartingSequenceNumber) {
      return clients.kinesis
        .send(
          new GetKinesisIteratorCommand({
            StreamARN,
            ShardId,
            ShardIteratorType: 'AT_SEQUENCE_NUMBER',
            StartingSequenceNumber,
          }),
        )
        .then(({ ShardIterator }) => ShardIterator, gone);
    },
    async page(shardId, ShardIterator, Limit) {
      const answer = await clients.kinesis.send(new GetKinesisRecordsCommand({ StreamARN, ShardIterator, Limit }));
      const records = (answer.Records ?? []).map((record) =>
        kinesisRecord(record, shardId, { arn: StreamARN, region, roleArn: '' }),
      );
      return {
        records,
        next: answer.NextShardIterator,
        isTip: records.length === 0 && (answer.MillisBehindLatest ?? 0) === 0,
      };
    },
  };
}

/** The stream of a table, which keeps records for 24 hours. */
export function pointedTableStream(clients: AwsClients, StreamArn: string): PointedStream {
  const [, , , region = ''] = StreamArn.split(':');
  return {
    async openAt(ShardId, SequenceNumber) {
      return clients.dynamodbStreams
        .send(
          new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber }),
        )
        .then(({ ShardIterator }) => ShardIterator, gone);
    },
    async page(_shardId, ShardIterator, Limit) {
      const answer = await clients.dynamodbStreams
        .send(new GetRecordsCommand({ ShardIterator, Limit }))
        .catch((error: unknown) => {
          if (!isNamed(error, 'TrimmedDataAccessException')) throw error;
          return { Records: [], NextShardIterator: undefined };
        });
      const records = (answer.Records ?? []).map((record) =>
        dynamoDbRecord(streamRecordJson(record), { arn: StreamArn, region }),
      );
      return { records, next: answer.NextShardIterator, isTip: false };
    },
  };
}

/**
 * The shard was closed longer than the retention, or the record is older than it; Kinesis may also call the sequence
 * number invalid.
 */
function gone(error: unknown): undefined {
  const isInvalidSequence =
    isNamed(error, 'InvalidArgumentException') && error.message.includes('StartingSequenceNumber');
  if (isInvalidSequence || isNamed(error, 'ResourceNotFoundException', 'TrimmedDataAccessException')) return undefined;
  throw error;
}
