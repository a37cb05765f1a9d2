import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import type { NamedResource, StreamStatus } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { listShards } from '../stack/list-shards.ts';
import { factOf } from './known.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';

/** Reads a Kinesis stream. Never throws. */
export async function readStream(
  stream: NamedResource,
  clients: AwsClients,
  reader: MetricReader,
): Promise<StreamStatus> {
  const StreamName = stream.name;
  const metrics = new ResourceMetrics(reader, 'AWS/Kinesis', { StreamName });
  const [shards, traffic] = await Promise.all([
    factOf(async () => {
      const [{ StreamDescriptionSummary: summary }, listed] = await Promise.all([
        clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName })),
        listShards(clients, StreamName),
      ]);
      const closed = listed.filter(
        ({ SequenceNumberRange: range }) => range?.EndingSequenceNumber !== undefined,
      ).length;
      const open = listed.length - closed;
      return { open, closed, state: summary?.StreamStatus ?? 'UNKNOWN' };
    }),
    factOf(async () => {
      const sums = await metrics.sums(
        'IncomingRecords',
        'WriteProvisionedThroughputExceeded',
        'ReadProvisionedThroughputExceeded',
      );
      return {
        records: sums.IncomingRecords,
        refusedWrites: sums.WriteProvisionedThroughputExceeded,
        refusedReads: sums.ReadProvisionedThroughputExceeded,
      };
    }),
  ]);
  return { ...stream, shards, traffic };
}
