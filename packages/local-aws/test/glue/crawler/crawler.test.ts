import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type Crawler,
  CreateCrawlerCommand,
  type CreateCrawlerCommandInput,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetCrawlersCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  ListCrawlersCommand,
  StartCrawlerCommand,
  StopCrawlerCommand,
  UpdateCrawlerCommand,
} from '@aws-sdk/client-glue';
import { DeleteObjectCommand, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { until } from '../../../../kit/test/until.ts';
import { glueCrawler } from '../../../src/assembly/resources/glue-crawler.ts';
import { Catalog } from '../../../src/glue/catalog.ts';
import { Crawlers } from '../../../src/glue/crawler/crawlers.ts';
import { bucket, startAthena } from '../../athena/fixture.ts';
import { emptyAccess } from '../../iam/empty-access.ts';

let aws: Awaited<ReturnType<typeof startAthena>>;
beforeAll(async () => {
  aws = await startAthena();
});
afterAll(() => aws.stop());

const combine = '{"Version":1.0,"Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas"}}';
const made = new Set<string>();
const glue = async () => (await aws.lake()).glue;

/** Makes a crawler of a folder, whose tables begin with its name. */
async function create(Name: string, more: Partial<CreateCrawlerCommandInput> = {}): Promise<void> {
  made.add(Name);
  const Targets = { S3Targets: [{ Path: `s3://${bucket}/${Name}/` }] };
  const input = { Name, Role: 'role', DatabaseName: 'db', TablePrefix: 'c_', Targets, ...more };
  await (await glue()).send(new CreateCrawlerCommand(input));
}

/** Starts a crawl. Resolves with the crawler when it is over. */
async function crawl(Name: string): Promise<Crawler> {
  await (await glue()).send(new StartCrawlerCommand({ Name }));
  return ended(Name);
}

async function ended(Name: string): Promise<Crawler> {
  let Crawler: Crawler = {};
  await until(async () => {
    Crawler = (await (await glue()).send(new GetCrawlerCommand({ Name }))).Crawler ?? {};
    return Crawler.State === 'READY';
  });
  return Crawler;
}

async function tableOf(Name: string) {
  const { Table } = await (await glue()).send(new GetTableCommand({ DatabaseName: 'db', Name }));
  const columns = Table?.StorageDescriptor?.Columns?.map(({ Name: name, Type }) => `${name} ${Type}`);
  return { table: Table, columns, keys: Table?.PartitionKeys?.map(({ Name: name }) => name) };
}

async function tableNames(Expression: string): Promise<(string | undefined)[]> {
  const { TableList = [] } = await (await glue()).send(new GetTablesCommand({ DatabaseName: 'db', Expression }));
  return TableList.map(({ Name }) => Name);
}

async function partitionsOf(TableName: string): Promise<string[]> {
  const { Partitions = [] } = await (await glue()).send(new GetPartitionsCommand({ DatabaseName: 'db', TableName }));
  return Partitions.map(({ Values = [] }) => Values.join('/')).sort();
}

const parquet = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
  new Uint8Array(parquetWriteBuffer({ columnData }));

describe('a crawl', () => {
  it('makes a table of JSON lines by the hour, and a later one finds new hours and columns', async () => {
    await create('tweets', { Configuration: combine });
    const rows = [
      { id: '1', likes: 7, by: { name: 'a' }, tags: ['x'], at: null },
      { id: '2', likes: 3_000_000_000, by: { age: 1.5 }, tags: [], live: true, At: null },
    ];
    await aws.putRows('tweets/2026/11/20/10/a.jsonl.gz', rows);
    await aws.putRows('tweets/2026/11/20/11/b.jsonl.gz', [{ id: '3' }]);
    expect(await crawl('tweets')).toMatchObject({ State: 'READY', LastCrawl: { Status: 'SUCCEEDED' }, Version: 1 });
    const first = await tableOf('c_tweets');
    expect(first.columns).toEqual([
      'id string',
      'likes bigint',
      'by struct<name:string,age:double>',
      'tags array<string>',
      'at string',
      'live boolean',
    ]);
    expect(first.keys).toEqual(['partition_0', 'partition_1', 'partition_2', 'partition_3']);
    expect(first.table).toMatchObject({
      TableType: 'EXTERNAL_TABLE',
      VersionId: '0',
      StorageDescriptor: { Location: `s3://${bucket}/tweets/`, Compressed: true },
      Parameters: { classification: 'json', compressionType: 'gzip', objectCount: '2', UPDATED_BY_CRAWLER: 'tweets' },
    });
    expect(await partitionsOf('c_tweets')).toEqual(['2026/11/20/10', '2026/11/20/11']);
    expect(
      await aws.query(`SELECT id, likes, by.name, partition_3 FROM c_tweets WHERE partition_3 = '10' ORDER BY id`),
    ).toEqual([
      ['1', '7', 'a', '10'],
      ['2', '3000000000', null, '10'],
    ]);

    await aws.putRows('tweets/2026/11/20/12/c.jsonl.gz', [{ id: '4', lang: 'ko' }]);
    await crawl('tweets');
    const second = await tableOf('c_tweets');
    expect([second.columns?.at(-1), second.table?.VersionId]).toEqual(['lang string', '1']);
    expect(await partitionsOf('c_tweets')).toHaveLength(3);
    expect(await aws.query('SELECT count(*), max(lang) FROM c_tweets')).toEqual([['4', 'ko']]);
    await crawl('tweets');
    const { CrawlerMetricsList } = await (await glue()).send(
      new GetCrawlerMetricsCommand({ CrawlerNameList: ['tweets'] }),
    );
    expect(CrawlerMetricsList).toMatchObject([{ TablesCreated: 1, TablesUpdated: 1, TablesDeleted: 0 }]);
    expect((await tableOf('c_tweets')).table?.VersionId).toBe('1');
  });

  it('makes a table of Parquet in folders of key=value', async () => {
    await create('sales');
    const list = { name: 'tags', data: [['a'], null] };
    await aws.put(
      'sales/Year=2026/day=a%20b/x.parquet',
      parquet([
        { name: 'Id', data: [1, 2], type: 'INT32' },
        { name: 'price', data: [1.5, null], type: 'DOUBLE' },
        { name: 'at', data: [new Date(0), null], type: 'TIMESTAMP' },
        { name: 'name', data: ['a', 'b'], type: 'STRING' },
        list,
      ]),
    );
    await crawl('sales');
    const { columns, keys, table } = await tableOf('c_sales');
    expect(columns?.slice(0, 4)).toEqual(['id int', 'price double', 'at timestamp', 'name string']);
    expect([keys, table?.Parameters?.classification]).toEqual([['year', 'day'], 'parquet']);
    expect(await aws.query('SELECT id, price, name, year, day FROM c_sales ORDER BY id')).toEqual([
      ['1', '1.5', 'a', '2026', 'a b'],
      ['2', null, 'b', '2026', 'a b'],
    ]);
  });

  it.each([
    ['name,Count,rate\na,1,0.5\nb,2,\n', ['name string', 'count bigint', 'rate double'], ['a', '1', '0.5']],
    ['1|x\n2|y\n', ['col0 bigint', 'col1 string'], ['1', 'x']],
  ])('makes a table of delimited text: %j', async (text, columns, first) => {
    const name = `csv${columns.length}`;
    await create(name);
    await aws.put(`${name}/a.csv`, text);
    await crawl(name);
    expect((await tableOf(`c_${name}`)).columns).toEqual(columns);
    expect(await aws.query(`SELECT * FROM c_${name} ORDER BY 1 LIMIT 1`)).toEqual([first]);
  });

  it('leaves quotes of delimited text in its values, as the SerDe does that Glue chooses', async () => {
    await create('quoted');
    await aws.put('quoted/a.csv', 'name,count\n"a,b",1\n');
    await crawl('quoted');
    expect((await tableOf('c_quoted')).table?.Parameters).toMatchObject({ areColumnsQuoted: 'true', delimiter: ',' });
    expect(await aws.query('SELECT name FROM c_quoted')).toEqual([['"a']]);
  });

  it('makes a table of each folder where formats or columns differ, and none of what it does not know', async () => {
    await create('mixed');
    await aws.putRows('mixed/A-b/x/1.json', [{ id: 1, note: 'a' }]);
    await aws.putRows('mixed/A-b/y/2.json', [{ id: 2, note: 'b' }]);
    await aws.putRows('mixed/other/3.json', [{ orders: 1, price: 2, tax: 3 }]);
    await aws.put('mixed/text/a.csv', 'a,b\n1,2\n');
    await aws.put('mixed/text/_SUCCESS', 'hidden');
    await aws.put('mixed/notes/a.txt', 'no table');
    await crawl('mixed');
    expect(await tableNames('c_(a_b|other|text|notes|mixed)')).toEqual(['c_a_b', 'c_other', 'c_text']);
    expect(await partitionsOf('c_a_b')).toEqual(['x', 'y']);
  });

  it('reads a row that is longer than what it reads of other files', async () => {
    await create('long', { Configuration: combine });
    const text = Array.from({ length: 300_000 }, (_, index) => index.toString(36)).join(' ');
    await aws.put('long/a.json', `${JSON.stringify({ text })}\n${JSON.stringify({ id: 1 })}\n`);
    await aws.put('long/b.json.gz', gzipSync(`${JSON.stringify({ text, more: 1 })}\n`));
    await crawl('long');
    expect((await tableOf('c_long')).columns).toEqual(['text string', 'id int', 'more int']);
  });

  it('gives a table another name where its own belongs to another location', async () => {
    await create('taken');
    const Targets = { S3Targets: [{ Path: `s3://${bucket}/deeper/taken` }] };
    await create('deeper', { Targets });
    await aws.putRows('taken/a.json', [{ id: 1 }]);
    await aws.putRows('deeper/taken/a.json', [{ id: 1 }]);
    await crawl('taken');
    await crawl('deeper');
    await crawl('deeper');
    expect(await tableNames('c_taken.*')).toEqual(['c_taken', expect.stringMatching(/^c_taken_[0-9a-f]{32}$/)]);
  });

  it('of an empty folder makes nothing', async () => {
    await create('empty');
    expect((await crawl('empty')).LastCrawl).toMatchObject({ Status: 'SUCCEEDED' });
    expect(await tableNames('c_empty')).toEqual([]);
  });

  it.each([
    [
      'nobucket',
      { Targets: { S3Targets: [{ Path: 's3://gone-bucket/x/' }] } },
      /does not exist.*NoSuchBucket; Bucket: gone/,
    ],
    ['nodatabase', { DatabaseName: 'nope' }, /Database nope not found/],
  ])('fails with its reason: %s', async (name, more, ErrorMessage) => {
    await create(name, more);
    const { State, LastCrawl } = await crawl(name);
    expect([State, LastCrawl?.Status]).toEqual(['READY', 'FAILED']);
    expect(LastCrawl?.ErrorMessage).toMatch(ErrorMessage);
  });
});

describe('what changed', () => {
  const change = async (name: string, SchemaChangePolicy: CreateCrawlerCommandInput['SchemaChangePolicy']) => {
    await create(name, { SchemaChangePolicy });
    for (const folder of ['stays', 'goes']) {
      await aws.putRows(`${name}/${folder}${name}/a/1.json`, [folder === 'stays' ? { id: 1 } : { key: 'x' }]);
    }
    await aws.putRows(`${name}/stays${name}/b/1.json`, [{ id: 1 }]);
    await crawl(name);
    const keys = [`${name}/goes${name}/a/1.json`, `${name}/stays${name}/b/1.json`];
    for (const Key of keys) await aws.clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    await aws.putRows(`${name}/stays${name}/a/1.json`, [{ id: 1, more: true }]);
    // Another folder, so that what stays is a table of its own.
    await aws.put(`${name}/z/1.csv`, 'a,b\n1,2\n');
    await crawl(name);
    const gone = await tableNames(`c_goes${name}`);
    const deprecated = gone.length > 0 && (await tableOf(`c_goes${name}`)).table?.Parameters?.DEPRECATED_BY_CRAWLER;
    return {
      columns: (await tableOf(`c_stays${name}`)).columns,
      partitions: await partitionsOf(`c_stays${name}`),
      gone: gone.length === 0 ? 'deleted' : deprecated === undefined ? 'kept' : 'deprecated',
    };
  };

  it.each([
    ['logged', 'LOG', 'LOG', ['id int'], ['a', 'b'], 'kept'],
    ['updated', 'UPDATE_IN_DATABASE', 'DELETE_FROM_DATABASE', ['id int', 'more boolean'], ['a'], 'deleted'],
    ['marked', 'UPDATE_IN_DATABASE', 'DEPRECATE_IN_DATABASE', ['id int', 'more boolean'], ['a', 'b'], 'deprecated'],
  ] as const)('is %s', async (name, UpdateBehavior, DeleteBehavior, columns, partitions, gone) => {
    expect(await change(name, { UpdateBehavior, DeleteBehavior })).toEqual({ columns, partitions, gone });
  });
});

describe('a crawler', () => {
  it('runs once at a time, and stops', async () => {
    await create('slow');
    await aws.putRows('slow/a.json', [{ id: 1 }]);
    const release = holdListing('slow/');
    const client = await glue();
    const named = (name: string) => ({ name });
    const one = { Name: 'slow' };
    await client.send(new StartCrawlerCommand(one));
    expect((await client.send(new GetCrawlerCommand(one))).Crawler?.State).toBe('RUNNING');
    await expect(client.send(new StartCrawlerCommand(one))).rejects.toMatchObject(named('CrawlerRunningException'));
    await expect(client.send(new UpdateCrawlerCommand(one))).rejects.toMatchObject(named('CrawlerRunningException'));
    await expect(client.send(new DeleteCrawlerCommand(one))).rejects.toMatchObject(named('CrawlerRunningException'));
    await client.send(new StopCrawlerCommand(one));
    expect((await client.send(new GetCrawlerCommand(one))).Crawler?.State).toBe('STOPPING');
    await expect(client.send(new StopCrawlerCommand(one))).rejects.toMatchObject(named('CrawlerStoppingException'));
    release();
    expect((await ended('slow')).LastCrawl).toMatchObject({ Status: 'CANCELLED' });
    await expect(client.send(new StopCrawlerCommand(one))).rejects.toMatchObject(named('CrawlerNotRunningException'));
    expect((await crawl('slow')).LastCrawl).toMatchObject({ Status: 'SUCCEEDED' });
  });

  it('that a kill cut off has failed, and starts again', async () => {
    await create('killed');
    const release = holdListing('killed/');
    await (await glue()).send(new StartCrawlerCommand({ Name: 'killed' }));
    const dataFolder = await mkdtemp(join(tmpdir(), 'killed-'));
    await cp(aws.dataFolder, dataFolder, { recursive: true });
    release();
    await ended('killed');
    const clock = new ManualClock(Date.now());
    const catalog = await Catalog.open(dataFolder);
    const place = { region: 'us-east-1', accountId: '000000000000' };
    const again = { ...place, dataFolder, clock, catalog, clients: () => aws.clients, meter: aws.meter };
    const crawlers = await Crawlers.open(again);
    const found = crawlers.crawler('killed');
    expect([crawlers.state(found), found.runs]).toMatchObject([
      'READY',
      [{ status: 'FAILED', error: 'The local runtime ended before the crawl. Start it again.' }],
    ]);
    await crawlers.start('killed');
    await until(() => crawlers.state(found) === 'READY');
    expect(found.runs.at(-1)?.status).toBe('SUCCEEDED');
    await crawlers.stop();
    await rm(dataFolder, { recursive: true });
  });

  it('is billed for ten minutes at least', async () => {
    await create('billed');
    const before = aws.meter.stack.crawlerUnitSeconds;
    await crawl('billed');
    expect(aws.meter.stack.crawlerUnitSeconds - before).toBe(1200);
  });

  it('is found, changed and deleted, and survives a restart with its tables', async () => {
    await create('kept', { Description: 'old' });
    await aws.putRows('kept/a.json', [{ id: 1 }]);
    await crawl('kept');
    await (await glue()).send(new UpdateCrawlerCommand({ Name: 'kept', Description: 'new' }));
    await aws.restart();
    const { Crawler } = await (await glue()).send(new GetCrawlerCommand({ Name: 'kept' }));
    expect(Crawler).toMatchObject({
      Description: 'new',
      Version: 2,
      TablePrefix: 'c_',
      State: 'READY',
      LastCrawl: { Status: 'SUCCEEDED' },
      Targets: { S3Targets: [{ Path: `s3://${bucket}/kept/` }] },
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' },
    });
    expect(await aws.query('SELECT id FROM c_kept')).toEqual([['1']]);
    const { CrawlerNames } = await (await glue()).send(new ListCrawlersCommand());
    expect(CrawlerNames).toEqual([...made].sort());
    expect((await (await glue()).send(new GetCrawlersCommand())).Crawlers).toHaveLength(made.size);
    await (await glue()).send(new DeleteCrawlerCommand({ Name: 'kept' }));
    await expect((await glue()).send(new GetCrawlerCommand({ Name: 'kept' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
      message: 'Crawler entity with name kept does not exist',
    });
  });

  it.each([
    [{ Schedule: 'cron(0 1 * * ? *)' }, 'Schedule: not supported by the local Glue'],
    [{ Classifiers: ['mine'] }, 'Classifiers: Classifiers are not supported by the local Glue'],
    [{ Targets: { DynamoDBTargets: [{ Path: 't' }] } }, 'Targets.DynamoDBTargets: not supported by the local Glue'],
    [{ Configuration: '{"Version":1.0,"CreatePartitionIndex":true}' }, 'CreatePartitionIndex: not supported by'],
    [
      { RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' as const } },
      'CRAWL_NEW_FOLDERS_ONLY is not supported',
    ],
  ])('is refused by name: %j', async (more, message) => {
    const input = { Name: 'no', Role: 'r', DatabaseName: 'db', Targets: { S3Targets: [{ Path: 's3://b/' }] }, ...more };
    await expect((await glue()).send(new CreateCrawlerCommand(input))).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(message),
    });
  });

  it('comes from a template, and stays as it says', async () => {
    const environment = { stackName: 'S', region: 'us-east-1', accountId: '0', partition: 'aws', urlSuffix: '' };
    const context = {
      clients: aws.clients,
      clock: { now: () => 0, sleep: async () => {} },
      access: emptyAccess(),
      assets: new Map(),
      shardsPerOnDemandStream: 1,
    };
    const identity = { logicalId: 'L', physicalName: 'S-Crawler', environment };
    for (const TablePrefix of ['a_', 'b_']) {
      const Targets = { S3Targets: [{ Path: 's3://x/' }] };
      const properties = { Role: 'r', DatabaseName: 'db', TablePrefix, Targets, Configuration: combine };
      expect(glueCrawler.check('L', properties)).toEqual([]);
      expect(await glueCrawler.create(identity, properties, context)).toEqual({ ref: 'S-Crawler', attributes: {} });
    }
    const { Crawler } = await (await glue()).send(new GetCrawlerCommand({ Name: 'S-Crawler' }));
    expect(Crawler).toMatchObject({ TablePrefix: 'b_', Version: 2 });
  });
});

/** Holds the listing of a folder until the answer is called. */
function holdListing(folder: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const isHeld = (input: object): boolean => (input as ListObjectsV2CommandInput).Prefix === folder;
  aws.clients.s3.middlewareStack.add(
    (next) => async (call) => {
      if (isHeld(call.input)) await promise;
      return next(call);
    },
    { step: 'initialize' },
  );
  return resolve;
}
