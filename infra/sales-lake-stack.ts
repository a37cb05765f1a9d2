import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
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
import { SalesBucket, salesPrefixes } from './constructs/sales/sales-bucket.ts';
import { SalesCatalog } from './constructs/sales/sales-catalog.ts';
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
    const orders = new OrderTable(this, 'Orders', { config });
    const generator = new OrderGenerator(this, 'Generator', { orders, config });
    const stream = new DataStream(this, 'Changes', { shards: config.salesShards, config });
    const pipe = new OrderPipe(this, 'OrderPipe', { orders, stream, config });

    const bucket = new SalesBucket(this, 'Bucket', { config });
    const catalog = new SalesCatalog(this, 'Catalog', { bucket, config });
    const { function: transformation } = new OrderTransformation(this, 'FlattenOrders', { config });
    const source = { stream, transformation, bucket };
    const { deliveryStream } = new StreamDelivery(this, 'Delivery', {
      ...source,
      prefix: salesPrefixes.sales,
      errorPrefix: salesPrefixes.errors,
      config,
    });
    const { workGroupName } = new LakeQueries(this, 'Queries', {
      bucket,
      catalog,
      description: 'Queries of the sales lake.',
      queries: queriesIn('sales/queries'),
      config,
    });
    const { crawlerName } = new LakeCrawler(this, 'Crawler', { bucket, prefix: salesPrefixes.sales, catalog });

    const { topic } = new AlarmTopic(this, 'AlarmTopic', { config });
    const signals = { ...source, deliveryStream, orders, pipe, generator };
    const alarms = salesAlarms(signals, config).map((definition) => addAlarm(this, definition, topic));
    new SalesDashboard(this, 'Dashboard', { ...signals, alarms, workGroupName });
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value);

    const outputs = {
      OrderTableName: orders.tableName,
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
