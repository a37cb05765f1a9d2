import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import {
  GetShardIteratorCommand as GetKinesisIteratorCommand,
  GetRecordsCommand as GetKinesisRecordsCommand,
} from '@aws-sdk/client-kinesis';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { dynamoDbRecord } from '@tweet-pipes/local-aws/pipes/sources/dynamodb-stream-source';
import { kinesisRecord } from '@tweet-pipes/local-aws/pipes/sources/kinesis-source';
import type { StreamReader } from './given-up-records.ts';
import { streamRecordJson } from './stream-record-json.ts';

/** Reads a Kinesis stream. For a sequence number older than the stream it starts at the oldest record left. */
export function kinesisReader(clients: AwsClients, StreamARN: string): StreamReader {
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

/** Reads the stream of a table, which keeps records for 24 hours. */
export function tableStreamReader(clients: AwsClients, StreamArn: string): StreamReader {
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
 * Undefined when the shard was closed longer ago than the retention or the record is older; Kinesis may also call the
 * sequence number invalid. Throws any other error.
 */
function gone(error: unknown): undefined {
  const isInvalidSequence =
    isNamed(error, 'InvalidArgumentException') && error.message.includes('StartingSequenceNumber');
  if (isInvalidSequence || isNamed(error, 'ResourceNotFoundException', 'TrimmedDataAccessException')) return undefined;
  throw error;
}
