import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from './config.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { addAlarm } from './constructs/alarms/add-alarm.ts';
import { salesAlarms } from './constructs/alarms/sales-alarms.ts';
import { DataStream } from './constructs/data-stream.ts';
import { LakeCrawler } from './constructs/lake/lake-crawler.ts';
import { LakeQueries, queriesIn } from './constructs/lake/lake-queries.ts';
import { StreamDelivery } from './constructs/lake/stream-delivery.ts';
import { OrderGenerator } from './constructs/sales/order-generator.ts';
import { OrderPipe } from './constructs/sales/order-pipe.ts';
import { OrderTable } from './constructs/sales/order-table.ts';
import { OrderTransformation } from './constructs/sales/order-transformation.ts';
import { rowsPrefix, SalesBucket, salesPrefixes } from './constructs/sales/sales-bucket.ts';
import { SalesCatalog } from './constructs/sales/sales-catalog.ts';
import { fillColumns, salesColumns } from './constructs/sales/sales-columns.ts';
import { SalesDashboard } from './constructs/sales/sales-dashboard.ts';

/** The options of the stack, and what every CDK stack takes. */
export interface SalesLakeStackProps extends StackProps, ConfiguredProps {}

/**
 * Change data capture of a table of orders: each change as a row in S3, a catalog of it, and Athena's queries, one of
 * which has the table as it is now. It needs no other stack.
 */
export class SalesLakeStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: SalesLakeStackProps) {
    super(scope, id, props);
    const own = config.salesTable;
    const orders =
      own === undefined
        ? new OrderTable(this, 'Orders', { config })
        : Table.fromTableAttributes(this, 'Orders', { tableName: own.tableName, tableStreamArn: own.streamArn });
    const generator = own === undefined ? new OrderGenerator(this, 'Generator', { orders, config }) : undefined;
    const partitionKey = own?.partitionKey ?? { name: 'orderid', type: 'S' };
    const columns = salesColumns(own);
    const stream = new DataStream(this, 'Changes', { shards: config.salesShards, config });
    const pipe = new OrderPipe(this, 'OrderPipe', { orders, partitionKey, stream, config });

    const bucket = new SalesBucket(this, 'Bucket', { config });
    const prefix = rowsPrefix(own);
    const catalog = new SalesCatalog(this, 'Catalog', { bucket, prefix, columns, config });
    const { function: transformation } = new OrderTransformation(this, 'FlattenOrders', { columns, config });
    const source = { stream, transformation, bucket };
    const { deliveryStream } = new StreamDelivery(this, 'Delivery', {
      ...source,
      prefix,
      errorPrefix: salesPrefixes.errors,
      config,
    });
    const { workGroupName } = new LakeQueries(this, 'Queries', {
      bucket,
      catalog,
      description: 'Queries of the sales lake.',
      queries: Object.fromEntries(
        Object.entries(queriesIn('sales/queries/of-any-table', ...(own === undefined ? ['sales/queries'] : []))).map(
          ([name, sql]) => [name, fillColumns(sql, columns)],
        ),
      ),
      config,
    });
    const { crawlerName } = new LakeCrawler(this, 'Crawler', { bucket, prefix, catalog });

    const { topic } = new AlarmTopic(this, 'AlarmTopic', { config });
    const signals = { ...source, deliveryStream, orders, pipe, generator };
    const alarms = salesAlarms(signals, config).map((definition) => addAlarm(this, definition, topic));
    new SalesDashboard(this, 'Dashboard', { ...signals, alarms, workGroupName });
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value);

    const outputs = {
      OrderTableName: orders.tableName,
      ...(generator && { OrderGeneratorName: generator.function.functionName }),
      OrderPipeName: pipe.pipeName,
      SalesStreamName: stream.streamName,
      SalesDeliveryStreamName: deliveryStream.ref,
      SalesBucketName: bucket.bucketName,
      SalesDatabaseName: catalog.database.ref,
      SalesCrawlerName: crawlerName,
      SalesWorkGroupName: workGroupName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
