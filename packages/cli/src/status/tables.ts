import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { NamedResource, TableStatus } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { factOf } from './known.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';

/** Reads a table and its write rate. Never throws. */
export async function readTable(
  table: NamedResource,
  { dynamodb }: AwsClients,
  reader: MetricReader,
): Promise<TableStatus> {
  const TableName = table.name;
  const metrics = new ResourceMetrics(reader, 'AWS/DynamoDB', { TableName });
  const [state, traffic] = await Promise.all([
    factOf(async () => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      return { state: Table?.TableStatus ?? 'UNKNOWN', items: Table?.ItemCount ?? 0 };
    }),
    factOf(async () => {
      const sums = await metrics.sums('ConsumedWriteCapacityUnits', 'WriteThrottleEvents');
      return { writeUnits: sums.ConsumedWriteCapacityUnits, throttledWrites: sums.WriteThrottleEvents };
    }),
  ]);
  return { ...table, state, traffic };
}
