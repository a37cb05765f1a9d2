import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

import { deployed } from './iam/physical.ts';
import { ofType, synthesizeAll, typesOfOutputs } from './synthesis.ts';

const byDefault = synthesizeAll().SalesLake;
const template = Template.fromJSON(byDefault);
const { SalesLake: running } = synthesizeAll({
  salesRatePerMinute: '90',
  salesShards: 'on-demand',
  lakeRetentionDays: 20,
  removal: 'destroy',
  tags: 'team=data',
});
const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), name] });
const reference = (id: string) => ({ Ref: Match.stringLikeRegexp(`^${id}`) });

const column = z.object({ Name: z.string(), Type: z.string() });
const table = z.object({
  TableInput: z.looseObject({
    Name: z.string(),
    Parameters: z.record(z.string(), z.string()),
    StorageDescriptor: z.looseObject({ Columns: z.array(column), Location: z.string() }),
    ViewOriginalText: z.string().optional(),
  }),
});
const tables = Object.fromEntries(
  Object.values(ofType(deployed(byDefault), 'AWS::Glue::Table')).map((each) => {
    const { TableInput } = table.parse(each);
    return [TableInput.Name, TableInput];
  }),
);

describe('the stack of the sales lake', () => {
  it('needs no other stack, and has these outputs', () => {
    expect(JSON.stringify(byDefault)).not.toContain('Fn::ImportValue');
    expect(typesOfOutputs(byDefault, byDefault.Outputs)).toEqual({
      OrderTableName: 'AWS::DynamoDB::Table',
      OrderGeneratorName: 'AWS::Lambda::Function',
      OrderPipeName: 'AWS::Pipes::Pipe',
      SalesStreamName: 'AWS::Kinesis::Stream',
      SalesDeliveryStreamName: 'AWS::KinesisFirehose::DeliveryStream',
      SalesBucketName: 'AWS::S3::Bucket',
      SalesDatabaseName: 'AWS::Glue::Database',
      SalesCrawlerName: 'AWS::Glue::Crawler',
      SalesWorkGroupName: 'AWS::Athena::WorkGroup',
    });
  });

  it('keeps orders on demand, with a stream of new images, and lets them be restored', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'orderid', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'orderid', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      DeletionProtectionEnabled: true,
    });
  });

  it('puts every change on the stream, by the id of the order, and keeps dead letters', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: attribute('Orders', 'StreamArn'),
      SourceParameters: {
        FilterCriteria: Match.absent(),
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 500,
          MaximumBatchingWindowInSeconds: 0,
          ParallelizationFactor: 1,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          MaximumRetryAttempts: 10,
          MaximumRecordAgeInSeconds: 23 * 3600,
          DeadLetterConfig: { Arn: attribute('OrderPipeDeadLetters') },
        },
      },
      Enrichment: Match.absent(),
      Target: attribute('Changes'),
      TargetParameters: {
        InputTemplate: Match.absent(),
        KinesisStreamParameters: { PartitionKey: '$.dynamodb.Keys.orderid.S' },
      },
    });
    template.hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 1,
      RetentionPeriodHours: 24,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    });
  });

  it('has Firehose read that stream, and write rows of the function by the hour', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: attribute('Changes'),
        RoleARN: attribute('DeliveryRole'),
      },
      ExtendedS3DestinationConfiguration: Match.objectLike({
        BucketARN: attribute('Bucket'),
        Prefix: 'sales/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/',
        CompressionFormat: 'GZIP',
        FileExtension: '.jsonl.gz',
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: Match.arrayWith([
                { ParameterName: 'LambdaArn', ParameterValue: attribute('FlattenOrdersFunction') },
              ]),
            },
          ],
        },
      }),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Flattens changes of orders into rows of the sales lake.',
      Environment: { Variables: { COLUMN_TYPES: '{"price_minor":"bigint","quantity":"bigint"}' } },
    });
  });

  it('deletes rows, errors and results of queries when the options say', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { Prefix: 'sales/', ExpirationInDays: 365, Status: 'Enabled' },
          { Prefix: 'tables/', ExpirationInDays: 365, Status: 'Enabled' },
          { Prefix: 'errors/', ExpirationInDays: 90, Status: 'Enabled' },
          { Prefix: 'query-results/', ExpirationInDays: 7, Status: 'Enabled' },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
        ],
      },
      MetricsConfigurations: [{ Id: 'SalesErrors', Prefix: 'errors/' }],
    });
  });

  it('generates no orders by default, and as many as the options ask for', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      State: 'DISABLED',
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: attribute('GeneratorGenerateOrdersFunction'),
        RoleArn: attribute('GeneratorSchedulerRole'),
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 3 },
        DeadLetterConfig: { Arn: attribute('GeneratorDeadLetters') },
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Generates changes of orders.',
      Timeout: 60,
      Environment: { Variables: { ORDER_TABLE: reference('Orders'), CHANGES_PER_MINUTE: '0' } },
      DeadLetterConfig: { TargetArn: attribute('GeneratorDeadLetters') },
    });
    const [schedule] = Object.values(ofType(running, 'AWS::Scheduler::Schedule'));
    expect(schedule).not.toHaveProperty('State');
    expect(JSON.stringify(running)).toContain('"CHANGES_PER_MINUTE":"90"');
  });

  it('has a table of changes with projected partitions, and views', () => {
    const { sales, sales_distinct: distinct, current_orders: current } = tables;
    const columns = sales?.StorageDescriptor.Columns.map(({ Name, Type }) => `${Name} ${Type}`);

    expect(Object.keys(tables)).toEqual(['sales', 'sales_distinct', 'current_orders']);
    expect(columns).toEqual([
      'orderid string',
      'product string',
      'category string',
      'price_minor bigint',
      'quantity bigint',
      'currency string',
      'customer string',
      'country string',
      'status string',
      'created_at string',
      'updated_at string',
      'change string',
      'sequence string',
      'changed_at timestamp',
      'deleted boolean',
      'misfits string',
    ]);
    expect(sales?.Parameters).toMatchObject({
      classification: 'json',
      'projection.datehour.range': 'NOW-365DAYS,NOW',
      'storage.location.template': `${sales?.StorageDescriptor.Location}\${datehour}/`,
    });
    expect(sales?.StorageDescriptor.Location).toMatch(/^s3:\/\/bucket[^/]+\/sales\/$/);
    for (const view of [distinct, current]) {
      const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(view?.ViewOriginalText ?? '') ?? [];
      const { schema, originalSql, columns: typed } = JSON.parse(Buffer.from(encoded, 'base64').toString());
      const selected = originalSql.slice('SELECT'.length, originalSql.indexOf('FROM')).split(',');
      const names = typed.map(({ name }: { name: string }) => name);
      expect(schema).toBe('saleslake');
      expect(selected.map((name: string) => name.trim().replaceAll('"', ''))).toEqual(names);
      expect(view?.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(names);
    }
  });

  it('has a crawler without a schedule, and a workgroup with named queries that say what they give', () => {
    template.hasResourceProperties('AWS::Glue::Crawler', {
      TablePrefix: 'crawled_',
      Schedule: Match.absent(),
      Targets: { S3Targets: [{ Path: { 'Fn::Join': ['', ['s3://', reference('Bucket'), '/sales/']] } }] },
    });
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'SalesLake',
      Description: 'Queries of the sales lake.',
    });
    const queries = Object.values(ofType(byDefault, 'AWS::Athena::NamedQuery')).map((query) =>
      z.object({ Name: z.string(), Description: z.string(), QueryString: z.string() }).parse(query),
    );
    expect(queries.map(({ Name }) => Name)).toEqual([
      'changes_by_hour',
      'delivery_times',
      'order_history',
      'returns_by_product',
      'revenue_by_product_and_hour',
      'status_funnel',
    ]);
    for (const { Name, Description, QueryString } of queries) {
      expect(Description).toMatch(/^[A-Z].*\.$/);
      expect(Description.length).toBeLessThanOrEqual(1024);
      expect(QueryString).not.toContain(';');
      if (Name !== 'order_history') expect(QueryString).toContain('datehour >= ');
    }
  });

  it('follows the options', () => {
    const text = JSON.stringify(running);

    expect(text).toContain('"StreamMode":"ON_DEMAND"');
    expect(text).toContain('NOW-20DAYS,NOW');
    expect(
      Object.values(running.Resources).filter(({ DeletionPolicy }) => /Retain/.test(DeletionPolicy ?? '')),
    ).toEqual([]);
    const untagged = Object.values(running.Resources)
      .filter(({ Properties }) => !/"team".*"data"|"team":"data"/.test(JSON.stringify(Properties.Tags ?? {})))
      .map(({ Type }) => Type);
    expect([...new Set(untagged)].sort()).toEqual([
      'AWS::Athena::NamedQuery',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::Logs::LogStream',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::Scheduler::Schedule',
    ]);
  });

  it('is in ASCII, names no account and no region, and has no parameter of its own', () => {
    const text = JSON.stringify({ ...byDefault, Rules: undefined, Parameters: undefined });

    expect(text.match(/arn:aws:|["':/]\d{12}["':/]/g)).toBeNull();
    expect(text.match(/[^\x20-\x7e]/g)).toBeNull();
    expect(byDefault).not.toHaveProperty('Conditions');
  });
});

describe("the stack over a table of one's own", () => {
  const folder = mkdtempSync(join(tmpdir(), 'sales-table-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const described = {
    tableName: 'Invoices',
    streamArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Invoices/stream/2026-11-20T00:00:00.000',
    partitionKey: { name: 'shopId', type: 'S' },
    keyColumns: ['shop_id', 'no'],
    columns: [
      { name: 'shop_id', type: 'string' },
      { name: 'no', type: 'bigint' },
      { name: 'is_paid', type: 'boolean' },
    ],
  };
  const file = (name: string, content: object) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };

  it('reads its stream by its key, and has its columns and no generator', () => {
    const { SalesLake } = synthesizeAll({ salesTable: file('invoices.json', described) });
    const own = Template.fromJSON(SalesLake);

    own.resourceCountIs('AWS::DynamoDB::Table', 0);
    own.resourceCountIs('AWS::Scheduler::Schedule', 0);
    own.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: described.streamArn,
      TargetParameters: { KinesisStreamParameters: { PartitionKey: '$.dynamodb.Keys.shopId.S' } },
    });
    own.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { COLUMN_TYPES: '{"no":"bigint","is_paid":"boolean"}' } },
    });
    own.hasResourceProperties('AWS::Glue::Table', {
      TableInput: Match.objectLike({
        Name: 'sales',
        StorageDescriptor: Match.objectLike({
          Columns: Match.arrayWith([
            { Name: 'shop_id', Type: 'string' },
            { Name: 'no', Type: 'bigint' },
            { Name: 'is_paid', Type: 'boolean' },
            { Name: 'change', Type: 'string' },
          ]),
        }),
      }),
    });
    const queries = Object.values(ofType(SalesLake, 'AWS::Athena::NamedQuery'));
    expect(queries.map(({ Name }) => Name)).toEqual(['changes_by_hour', 'order_history']);
    expect(JSON.stringify(queries)).toContain('WHERE \\"shop_id\\" = ?');
    expect(SalesLake.Outputs.OrderTableName).toEqual({ Value: 'Invoices' });
    expect(SalesLake.Outputs.OrderGeneratorName).toBeUndefined();
  });

  it('keeps its rows apart from those of other tables, which the bucket may have from before', () => {
    const { SalesLake } = synthesizeAll({ salesTable: file('invoices.json', described) });
    const own = Template.fromJSON(SalesLake);

    const catalog = JSON.stringify(ofType(SalesLake, 'AWS::Glue::Table'));
    expect(catalog).toContain('/tables/Invoices/${datehour}/');
    expect(catalog).not.toContain('/sales/');
    own.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { Prefix: 'tables/Invoices/!{timestamp:yyyy/MM/dd/HH}/' },
    });
    expect(JSON.stringify(ofType(SalesLake, 'AWS::Glue::Crawler'))).toContain('/tables/Invoices/');
    own.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: 'sales/', ExpirationInDays: 365 }),
          Match.objectLike({ Prefix: 'tables/', ExpirationInDays: 365 }),
        ]),
      },
    });
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.json'), 'cannot be read as JSON'],
    ['a file of something else', () => file('other.json', { tableName: 'Invoices' }), 'describes no table'],
  ])('is refused by name for %s', (_, path, problem) => {
    expect(() => synthesizeAll({ salesTable: path() })).toThrow(problem);
  });
});
