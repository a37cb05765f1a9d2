import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { deployed } from '../../iam/physical.ts';
import { ofType, synthesize } from '../../synthesis.ts';

const column = z.object({ Name: z.string(), Type: z.string() });
const tableSchema = z.object({
  DatabaseName: z.string(),
  TableInput: z.looseObject({
    Name: z.string(),
    TableType: z.string(),
    PartitionKeys: z.array(column),
    Parameters: z.record(z.string(), z.string()),
    StorageDescriptor: z.looseObject({ Columns: z.array(column), Location: z.string() }),
    ViewOriginalText: z.string().optional(),
  }),
});

/** The tables and views by name, as they are deployed. */
function tables(options: Record<string, unknown> = {}) {
  const found = Object.values(ofType(deployed(synthesize(options, 'TweetLake')), 'AWS::Glue::Table'));
  return Object.fromEntries(
    found.map((each) => tableSchema.parse(each).TableInput).map((table) => [table.Name, table]),
  );
}

const byDefault = tables();
const [bucket = ''] = Object.keys(ofType(synthesize({}, 'TweetLake'), 'AWS::S3::Bucket'));
const lake = `s3://${bucket.toLowerCase()}/tweets/`;

describe('the catalog', () => {
  it('has a database of the name of the stack, and these tables and views', () => {
    const databases = Object.values(ofType(synthesize({}, 'TweetLake'), 'AWS::Glue::Database'));

    expect(databases).toMatchObject([{ DatabaseInput: { Name: 'tweetlake' } }]);
    expect(Object.values(byDefault).map(({ Name, TableType }) => [Name, TableType])).toEqual([
      ['tweets', 'EXTERNAL_TABLE'],
      ['deleted', 'EXTERNAL_TABLE'],
      ['quarantine', 'EXTERNAL_TABLE'],
      ['forgotten', 'EXTERNAL_TABLE'],
      ['tweets_distinct', 'VIRTUAL_VIEW'],
      ['tweets_live', 'VIRTUAL_VIEW'],
    ]);
  });

  it('has sentiment and its view, if the lake asks for it', () => {
    const { sentiment, sentiment_distinct: view } = tables({ sentiment: 'comprehend', lakeRetentionDays: 10 });
    const columns = sentiment?.StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type]);

    expect(sentiment?.StorageDescriptor.Location).toBe(lake.replace('/tweets/', '/sentiment/'));
    expect(sentiment?.Parameters).toMatchObject({
      classification: 'json',
      'projection.datehour.range': 'NOW-10DAYS,NOW',
      'storage.location.template': `${lake.replace('/tweets/', '/sentiment/')}\${datehour}/`,
    });
    expect(columns).toEqual([
      ['id', 'string'],
      ['lang', 'string'],
      ['sentiment', 'string'],
      ...['positive', 'negative', 'neutral', 'mixed'].map((name) => [name, 'double']),
      ['error', 'string'],
      ['position', 'string'],
      ['detected_at', 'timestamp'],
    ]);
    expect(view?.StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type])).toEqual([
      ...(columns ?? []),
      ['datehour', 'string'],
    ]);
  });

  it('computes the partitions of tweets from the hour', () => {
    expect(byDefault.tweets).toMatchObject({
      PartitionKeys: [{ Name: 'datehour', Type: 'string' }],
      Parameters: {
        EXTERNAL: 'TRUE',
        classification: 'json',
        'projection.enabled': 'true',
        'projection.datehour.type': 'date',
        'projection.datehour.format': 'yyyy/MM/dd/HH',
        'projection.datehour.range': 'NOW-365DAYS,NOW',
        'projection.datehour.interval': '1',
        'projection.datehour.interval.unit': 'HOURS',
        'storage.location.template': `${lake}\${datehour}/`,
      },
      StorageDescriptor: {
        Location: lake,
        SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
      },
    });
  });

  it('looks as far back as the lifecycle keeps', () => {
    const { tweets, deleted } = tables({ lakeRetentionDays: 10, archiveRetentionDays: 20 });

    expect(tweets?.Parameters['projection.datehour.range']).toBe('NOW-10DAYS,NOW');
    expect(deleted?.Parameters['projection.datehour.range']).toBe('NOW-20DAYS,NOW');
  });

  it('has the columns that the rows have', () => {
    const typesOf = (table: z.output<typeof tableSchema>['TableInput'] | undefined) =>
      Object.fromEntries((table?.StorageDescriptor.Columns ?? []).map(({ Name, Type }) => [Name, Type]));

    expect(typesOf(byDefault.tweets)).toEqual({
      id: 'string',
      text: 'string',
      created_at: 'timestamp',
      lang: 'string',
      user_id: 'string',
      user_name: 'string',
      hashtags: 'array<string>',
      retweet_of: 'string',
      kind: 'string',
      position: 'string',
      arrived_at: 'timestamp',
    });
    expect(typesOf(byDefault.quarantine)).toEqual({
      reason: 'string',
      event_id: 'string',
      arrived_at: 'string',
      data: 'string',
    });
    expect(Object.keys(typesOf(byDefault.deleted))).toEqual(
      expect.arrayContaining(['event_id', 'record', 'removed_at', 'cause', 'id', 'text', 'hashtags', 'expires_at']),
    );
  });

  it('reads archive and quarantine where TweetPipes writes them', () => {
    expect(byDefault.deleted?.StorageDescriptor.Location).toBe('s3://archivebucket/deleted/tweets/');
    expect(byDefault.deleted?.Parameters['storage.location.template']).toBe(
      's3://archivebucket/deleted/tweets/${datehour}/',
    );
    expect(byDefault.quarantine?.StorageDescriptor.Location).toBe('s3://archivebucket/quarantine/');
    expect(byDefault.quarantine?.PartitionKeys).toEqual([]);
  });

  it('reads Parquet, if the options say', () => {
    expect(tables({ lakeFormat: 'parquet' }).tweets).toMatchObject({
      Parameters: { classification: 'parquet' },
      StorageDescriptor: {
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    });
  });

  it.each(['tweets_distinct', 'tweets_live'])('has %s in the form of Athena', (name) => {
    const view = byDefault[name];
    const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(view?.ViewOriginalText ?? '') ?? [];
    const definition = JSON.parse(Buffer.from(encoded, 'base64').toString());

    expect(view?.Parameters).toMatchObject({ presto_view: 'true' });
    expect(definition).toMatchObject({ catalog: 'awsdatacatalog', schema: 'tweetlake' });
    expect(definition.columns).toEqual([
      ...['id', 'text'].map((name) => ({ name, type: 'varchar' })),
      { name: 'created_at', type: 'timestamp(3)' },
      ...['lang', 'user_id', 'user_name'].map((name) => ({ name, type: 'varchar' })),
      { name: 'hashtags', type: 'array(varchar)' },
      ...['retweet_of', 'kind', 'position'].map((name) => ({ name, type: 'varchar' })),
      { name: 'arrived_at', type: 'timestamp(3)' },
      { name: 'datehour', type: 'varchar' },
    ]);
    const [, selected = ''] = /^SELECT (.+)\n/.exec(definition.originalSql) ?? [];
    const names = definition.columns.map(({ name }: { name: string }) => name);
    expect(selected.split(', ')).toEqual(names);
    expect(view?.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(names);
  });
});
