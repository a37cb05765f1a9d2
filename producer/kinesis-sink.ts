import { PutRecordsCommand, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import type { Landed } from './put-batch.ts';
import type { Sink } from './sink.ts';

/** The part of the Kinesis client that the writer uses. */
export interface PutsRecords {
  send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput>;
}

/** The position of a record in the stream. */
export interface StreamPosition {
  /** `shardId-000000000000`. */
  shardId: string;
  sequenceNumber: string;
}

/** A record that is in the stream. */
export type LandedInStream = Landed<StreamPosition>;

const throughputExceeded = 'ProvisionedThroughputExceededException';

/** A stream that PutRecords writes to. */
export function kinesisSink(client: PutsRecords, streamName: string): Sink<StreamPosition> {
  return {
    kind: 'stream',
    name: streamName,
    async put(records) {
      const { Records: results = [] } = await client.send(
        new PutRecordsCommand({
          StreamName: streamName,
          Records: records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
        }),
      );
      return records.map((_, index) => {
        const { ShardId, SequenceNumber, ErrorCode, ErrorMessage } = results[index] ?? {};
        if (ShardId !== undefined && SequenceNumber !== undefined) {
          return { landed: { shardId: ShardId, sequenceNumber: SequenceNumber } };
        }
        return {
          reason: `${ErrorCode ?? 'no answer'}: ${ErrorMessage ?? 'none given'}`,
          isThrottled: ErrorCode === throughputExceeded,
        };
      });
    },
  };
}
