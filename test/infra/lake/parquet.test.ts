import { GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { CreateDeliveryStreamCommand, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { findLakeRows } from '@tweet-pipes/cli/trace/rows';
import { cutRows } from '@tweet-pipes/kit/forgetting/cut-rows';
import { z } from 'zod';
import { until } from '../../../packages/kit/test/until.ts';
import { deployed } from '../iam/physical.ts';
import { ofType, synthesize } from '../synthesis.ts';
import { startLocalLake } from './local-lake.ts';

const config = { lakeFormat: 'parquet' };
const streamSchema = z.object({
  ExtendedS3DestinationConfiguration: z.looseObject({
    RoleARN: z.string(),
    DataFormatConversionConfiguration: z.looseObject({}),
  }),
});

it('the lake as Parquet: rows are converted, queried, traced and forgotten', async () => {
  const lake = await startLocalLake({ config });
  const { firehose } = lake.clients;
  const { LakeBucketName: Bucket = '', LakeDatabaseName: Database, WorkGroupName: WorkGroup } = lake.outputs;
  const files = async () => {
    const { Contents = [] } = await lake.clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'tweets/' }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const ids = async (): Promise<(string | undefined)[][]> => {
    const { athena } = await lake.clients.lake();
    const QueryString = 'SELECT id, kind, hashtags, created_at FROM tweets ORDER BY id, kind';
    const start = new StartQueryExecutionCommand({ QueryString, WorkGroup, QueryExecutionContext: { Database } });
    const { QueryExecutionId } = await athena.send(start);
    await until(async () => {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      return QueryExecution?.Status?.CompletionDateTime !== undefined;
    });
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    return (ResultSet?.Rows ?? []).slice(1).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue));
  };
  try {
    const [properties] = Object.values(
      ofType(deployed(synthesize(config, 'TweetLake')), 'AWS::KinesisFirehose::DeliveryStream'),
    );
    const { ExtendedS3DestinationConfiguration: destination } = streamSchema.parse(properties);
    // Rows are put, in place of the stream and the function that makes them.
    const SchemaConfiguration = { DatabaseName: Database, TableName: 'tweets' };
    const ExtendedS3DestinationConfiguration = {
      ...destination,
      DataFormatConversionConfiguration: { ...destination.DataFormatConversionConfiguration, SchemaConfiguration },
      BucketARN: `arn:aws:s3:::${Bucket}`,
      ProcessingConfiguration: { Enabled: false },
    };
    await firehose.send(
      new CreateDeliveryStreamCommand({ DeliveryStreamName: 'lake', ExtendedS3DestinationConfiguration }),
    );
    const arrived_at = '2026-11-20 10:00:01.500';
    const tweet = { text: 'é', lang: 'fr', hashtags: ['a', 'ü'], kind: 'tweet', position: 's:1', arrived_at };
    const rows = [
      { id: '1', created_at: '2026-11-20 10:00:00.000', ...tweet },
      { id: '2', ...tweet, hashtags: [] },
      { id: '1', kind: 'delete', position: 's:2', arrived_at },
    ];
    const Records = rows.map((row) => ({ Data: Buffer.from(`${JSON.stringify(row)}\n`) }));
    await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'lake', Records }));
    await until(async () => (await files()).length > 0);
    const [Key = ''] = await files();
    expect(Key).toMatch(/^tweets\/\d{4}\/\d{2}\/\d{2}\/\d{2}\/.*\.parquet$/);
    expect(await ids()).toEqual([
      ['1', 'delete', undefined, undefined],
      ['1', 'tweet', '[a, ü]', '2026-11-20 10:00:00.000'],
      ['2', 'tweet', '[]', undefined],
    ]);
    const traced = await findLakeRows({ clients: lake.clients, lakeBucket: Bucket, note() {} }, '1', [Date.now()]);
    const [arrivedMs, object] = [Date.parse('2026-11-20T10:00:01.500Z'), `s3://${Bucket}/${Key}`];
    expect(traced).toEqual([
      { kind: 'tweet', position: 's:1', arrivedMs, object },
      { kind: 'delete', position: 's:2', arrivedMs, object },
    ]);

    const { Body } = await lake.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
    const cut = await cutRows(Buffer.from((await Body?.transformToByteArray()) ?? []), (id) => id === '1');
    expect(cut?.rows).toMatchObject([{ id: '1', position: 's:1', hashtags: ['a', 'ü'] }]);
    await lake.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: cut?.rewritten() }));
    expect(await ids()).toEqual([
      ['1', 'delete', undefined, undefined],
      ['2', 'tweet', '[]', undefined],
    ]);
  } finally {
    await lake.stop();
  }
});
