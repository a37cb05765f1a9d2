import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PipeList } from '@tweet-pipes/console/views/pipes/api';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { ConsoleContext } from '../../src/console/console-context.ts';
import { viewRoutes } from '../../src/console/views/view-routes.ts';
import { contextOf } from './context.ts';
import { type Answers, awsError } from './fake-clients.ts';

function call(
  context: ConsoleContext,
  route: keyof typeof viewRoutes,
  query: Record<string, string> = {},
  body?: object,
) {
  const handler = viewRoutes[route];
  if (handler === undefined) throw new Error(`There is no route ${route}.`);
  return handler(context, { query: new URLSearchParams(query), body });
}

describe('GET objects', () => {
  const listing = {
    ListObjectsV2Command: ({ Bucket, Prefix, ContinuationToken }: Readonly<Record<string, unknown>>) => ({
      CommonPrefixes: [{ Prefix: `${Prefix}2026/` }],
      Contents: [{ Key: `${Bucket}/x`, Size: 5, LastModified: new Date('2026-01-02T03:04:05Z') }],
      ...(ContinuationToken === undefined && { NextContinuationToken: 'more' }),
    }),
  };

  it('lists a folder, page by page', async () => {
    const context = await contextOf(listing);
    const first = await call(context, 'GET objects', { place: 'lake', prefix: 'tweets/' });
    expect(first).toEqual({
      place: { id: 'lake', bucket: 'lake' },
      places: [
        { id: 'archive', bucket: 'archive' },
        { id: 'lake', bucket: 'lake' },
      ],
      ...{ prefix: 'tweets/', folders: ['tweets/2026/'], next: 'more' },
      objects: [{ key: 'lake/x', bytes: 5, modifiedAt: '2026-01-02T03:04:05.000Z' }],
    });
    expect(await call(context, 'GET objects', { place: 'lake', token: 'more' })).toMatchObject({ next: null });
  });

  it.each([
    ['sales', 404, 'There is no bucket "sales" here: its stack is not deployed.'],
    ['other', 400, 'There is no place "other"; there are archive, lake, sales.'],
  ])('refuses the place %s', async (place, statusCode, message) => {
    const context = await contextOf(listing);
    await expect(call(context, 'GET objects', { place })).rejects.toMatchObject({ statusCode, message });
  });

  it.each([['-1'], ['1.5'], ['x']])('refuses to read from row %s', async (from) => {
    const context = await contextOf({});
    const reading = call(context, 'GET object', { place: 'lake', key: 'k', from });
    await expect(reading).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe('GET status', () => {
  it('is read with the clients that give up soon', async () => {
    const [busy, hasty] = [await contextOf({}), await contextOf({ ListStackResourcesCommand: () => ({}) })];
    const { stacks } = hasty;
    const status = await call({ ...busy, statusClients: hasty.clients, stacks }, 'GET status');
    expect(status).toMatchObject({ stacks: [{ name: 'TweetPipes' }, { name: 'TweetLake' }] });
  });
});

describe('GET tweet', () => {
  it.each([
    ['no character', ''],
    ['65 characters', 'x'.repeat(65)],
  ])('refuses an id of %s in a sentence', async (_, id) => {
    const message = `The id of a tweet has 1 to 64 characters, and this one has ${id.length}.`;
    const reading = call(await contextOf({}), 'GET tweet', { id });
    await expect(reading).rejects.toMatchObject({ statusCode: 400, message });
  });
});

describe('GET hashtags', () => {
  it('says that there is nothing without the pipeline', async () => {
    const context = await contextOf({}, ['TweetLake']);
    await expect(call(context, 'GET hashtags')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('works again after a failure', async () => {
    let isDown = true;
    const context = await contextOf({
      ScanCommand: () => {
        if (isDown) throw awsError('ProvisionedThroughputExceededException');
        return { Items: [{ hashtag: { S: 'a' }, htCount: { N: '2' } }] };
      },
    });
    await expect(call(context, 'GET hashtags')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    isDown = false;
    expect(await call(context, 'GET hashtags')).toMatchObject({ top: [{ hashtag: 'a', count: 2 }] });
  });
});

describe('GET quarantine', () => {
  const body = (text: string) => ({ Body: { transformToString: async () => text } });

  it('opens the newest objects, each once', async () => {
    const opened: unknown[] = [];
    const clock = new ManualClock();
    const context = {
      ...(await contextOf({
        ListObjectsV2Command: () => ({
          Contents: ['a', 'b'].map((Key, day) => ({
            ...{ Key, ETag: Key, Size: 2 },
            LastModified: new Date(`2026-01-0${day + 1}T00:00:00Z`),
          })),
        }),
        GetObjectCommand: ({ Key }) => {
          opened.push(Key);
          return body(JSON.stringify({ reason: `of ${Key}`, event_id: 's:1', arrived_at: '2026-01-01T00:00:00.000Z' }));
        },
      })),
      clock,
    };
    const reading = { objects: 2, isAtLeast: false, newest: [{ key: 'b', reason: 'of b' }, { key: 'a' }] };
    expect(await call(context, 'GET quarantine')).toMatchObject(reading);
    await clock.advance(2_000);
    expect(await call(context, 'GET quarantine')).toMatchObject(reading);
    expect(opened).toEqual(['b', 'a']);
  });

  it('leaves out what has gone, and says of a foreign object that it has no reason', async () => {
    const context = await contextOf({
      ListObjectsV2Command: () => ({ Contents: [{ Key: 'gone' }, { Key: 'foreign' }] }),
      GetObjectCommand: ({ Key }) => {
        if (Key === 'gone') throw awsError('NoSuchKey');
        return body('<html>');
      },
    });
    expect(await call(context, 'GET quarantine')).toMatchObject({
      newest: [{ key: 'foreign', reason: 'The object does not say.' }],
    });
  });

  it('lists five thousand at most, and says so', async () => {
    let pages = 0;
    const context = await contextOf({
      ListObjectsV2Command: () => {
        pages += 1;
        return { Contents: [], NextContinuationToken: 'more' };
      },
    });
    expect(await call(context, 'GET quarantine')).toMatchObject({ isAtLeast: true });
    expect(pages).toBe(5);
  });
});

describe('POST query', () => {
  const named = {
    ListNamedQueriesCommand: () => ({ NamedQueryIds: ['1'] }),
    BatchGetNamedQueryCommand: () => ({
      NamedQueries: [{ Name: 'languages', Description: 'd', Database: 'lake', QueryString: 'SELECT 1' }],
    }),
  };

  it('runs a named query and gives the first thousand rows', async () => {
    const started: unknown[] = [];
    const row = (value: string) => ({ Data: [{ VarCharValue: value }] });
    const context = await contextOf({
      ...named,
      StartQueryExecutionCommand: ({ QueryString, WorkGroup }) => {
        started.push(QueryString, WorkGroup);
        return { QueryExecutionId: 'q' };
      },
      GetQueryExecutionCommand: () => ({
        QueryExecution: {
          ...{ StatementType: 'DML', Status: { State: 'SUCCEEDED' } },
          Statistics: { DataScannedInBytes: 1_000, TotalExecutionTimeInMillis: 1_200 },
        },
      }),
      GetQueryResultsCommand: ({ NextToken }) => ({
        ResultSet: {
          ResultSetMetadata: { ColumnInfo: [{ Name: 'n', Type: 'bigint' }] },
          Rows: [...(NextToken === undefined ? [row('n')] : []), ...Array.from({ length: 600 }, (_, n) => row(`${n}`))],
        },
        ...(NextToken === undefined && { NextToken: 'more' }),
      }),
    });
    const outcome = await call(context, 'POST query', {}, { lake: 'tweets', name: 'languages' });
    expect(started).toEqual(['SELECT 1', 'TweetLake']);
    expect(outcome).toMatchObject({
      ...{ columns: [{ name: 'n', type: 'bigint' }], hasMore: true, executionId: 'q' },
      cost: '1.2 s, 1.0 KB scanned: free here, 0.00005 USD on AWS (5 USD a TB, at least 10 MB a query).',
    });
    expect('rows' in outcome && Array.isArray(outcome.rows) && outcome.rows.length).toBe(1_000);
  });

  it.each([
    [{ lake: 'tweets', name: 'none' }, 404],
    [{ lake: 'tweets', name: 'languages', sql: 'SELECT 2' }, 400],
    [{ lake: 'other', name: 'languages' }, 400],
  ])('refuses %j', async (order, statusCode) => {
    const context = await contextOf(named);
    await expect(call(context, 'POST query', {}, order)).rejects.toMatchObject({ statusCode });
  });

  it('lists none without a lake', async () => {
    expect(await call(await contextOf({}, ['TweetPipes']), 'GET queries')).toEqual({ queries: [] });
  });
});

describe('pipes', () => {
  const orders: string[] = [];
  beforeEach(() => {
    orders.splice(0);
  });
  const described: Answers = {
    DescribePipeCommand: ({ Name }) => ({
      ...{ Name, CurrentState: 'RUNNING', DesiredState: 'RUNNING', Description: 'd', Source: 'arn:s', Target: 'arn:t' },
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] },
        KinesisStreamParameters: { BatchSize: 320, DeadLetterConfig: { Arn: 'arn:dlq' } },
      },
    }),
  };

  it('describes each pipe of the stacks', async () => {
    const { pipes } = (await call(await contextOf(described), 'GET pipes')) as PipeList;
    expect(pipes.map(({ title }) => title)).toEqual(['Ingest', 'Tweet archive', 'Hashtag archive']);
    expect(pipes[0]).toEqual({
      ...{ name: 'Ingest', title: 'Ingest', state: 'RUNNING', desired: 'RUNNING', reason: null, description: 'd' },
      ...{ source: 'arn:s', enrichment: null, target: 'arn:t', deadLetterQueue: 'arn:dlq' },
      settings: [
        { name: 'BatchSize', value: '320' },
        { name: 'Filter', value: '{"a":[1]}' },
        { name: 'Log level', value: 'OFF' },
      ],
    });
  });

  it.each([
    ['start', 'StartPipeCommand'],
    ['stop', 'StopPipeCommand'],
  ])('can %s a pipe, also when it does so already', async (action, command) => {
    const context = await contextOf({
      ...described,
      [command]: ({ Name }) => {
        orders.push(String(Name));
        throw awsError('ConflictException');
      },
    });
    await call(context, 'POST pipe', {}, { name: 'Ingest', action });
    expect(orders).toEqual(['Ingest']);
  });

  it('touches no pipe of another stack', async () => {
    const order = call(await contextOf(described), 'POST pipe', {}, { name: 'Other', action: 'stop' });
    await expect(order).rejects.toMatchObject({ statusCode: 404 });
  });

  it('runs one redrive at a time and keeps how it ended', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const context = await contextOf({
      ...described,
      GetQueueUrlCommand: async () => {
        await answered;
        throw awsError('QueueDoesNotExist', 'The queue does not exist.');
      },
    });
    const order = { dryRun: true, stop: false, dismissExpired: false };
    expect(await call(context, 'POST redrive', {}, order)).toMatchObject({ order, endedAt: null, failure: null });
    await expect(call(context, 'POST redrive', {}, order)).rejects.toMatchObject({ statusCode: 400 });
    answer();
    let list: PipeList;
    do list = (await call(context, 'GET pipes')) as PipeList;
    while (list.redrive?.endedAt === null);
    expect(list.redrive).toMatchObject({ failure: 'QueueDoesNotExist: The queue does not exist.', reports: null });
    await call(context, 'POST redrive', {}, order);
  });
});
