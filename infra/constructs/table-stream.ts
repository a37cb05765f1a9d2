import type { ITable } from 'aws-cdk-lib/aws-dynamodb';

import type { StreamSource } from './stream-pipe.ts';

/** The ARN of a table's stream. Throws for a table without one. */
export function streamArnOf(table: ITable): string {
  if (table.tableStreamArn === undefined) throw new Error(`The table ${table.node.path} has no stream.`);
  return table.tableStreamArn;
}

/**
 * What happens to the items of a table, events of one kind only or, without a kind, all. Two pipes at most may read the
 * stream of a table (AWS: "Change data capture for DynamoDB Streams", "no more than two processes"). Throws for a table
 * without a stream.
 */
export function eventsOf(table: ITable, eventName?: 'INSERT' | 'REMOVE'): StreamSource {
  return {
    arn: streamArnOf(table),
    readActions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    listAction: 'dynamodb:ListStreams',
    parameters: (read) => ({
      ...(eventName === undefined
        ? {}
        : { filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: [eventName] }) }] } }),
      dynamoDbStreamParameters: read,
    }),
  };
}
