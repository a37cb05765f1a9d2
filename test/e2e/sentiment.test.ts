import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetNamedQueryCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListNamedQueriesCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { redrive } from '@tweet-pipes/cli/recovery/redrive';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { detectSentiment } from '@tweet-pipes/local-aws/comprehend/stand-in';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { until } from '../../packages/kit/test/until.ts';
import type { ChildOptions } from '../../packages/local-aws/test/runtime-child.ts';
import { RuntimeProcess } from '../../packages/local-aws/test/runtime-process.ts';
import { type App, startApp } from './app.ts';
import { itemsOf, outputsOf, rowsBelow } from './lake-objects.ts';
import { synthesizeApp } from './synthesize-app.ts';

/** One for both, so that the app is synthesized once. */
const options = { sentiment: 'comprehend', shards: 1, archiveBatchWindowSeconds: 0, maximumRetryAttempts: 2 };

const texts = ['I love this', 'I hate this', 'a table', 'good and bad', 'so 😍', 'gut', ''];
const tweetOf = (n: number) => ({
  id_str: String(1000 + n),
  text: texts[n % texts.length] ?? '',
  lang: n % 10 === 9 ? 'tl' : 'en',
  entities: { hashtags: [{ text: 'all' }, { text: n % 2 === 0 ? 'even' : 'odd' }] },
});

/** What the text of tweet n gives. */
function expectedSentiment(n: number): string {
  const { text, lang } = tweetOf(n);
  if (text === '') return 'NO_TEXT';
  return lang === 'en' ? detectSentiment(text, 'en').Sentiment : 'UNSUPPORTED';
}

const tweets = Array.from({ length: 40 }, (_, n) => n);
const expected = Object.fromEntries(tweets.map((n) => [String(1000 + n), expectedSentiment(n)]));

async function feed({ kinesis }: AwsClients, StreamName: string | undefined, records: readonly object[]) {
  const Records = records.map((record) => ({ PartitionKey: 'one', Data: Buffer.from(JSON.stringify(record)) }));
  const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  expect(FailedRecordCount).toBe(0);
}

/** Sentiments by id: of the items, and of the rows, each the same in all rows of a tweet. */
async function sentiments(clients: AwsClients) {
  const [core, lake] = [await outputsOf(clients, 'TweetPipes'), await outputsOf(clients, 'TweetLake')];
  const items = Object.values(await itemsOf(clients, core.TweetTableName));
  const rows = await rowsBelow(clients, lake.LakeBucketName, 'sentiment/');
  const distinct = new Set(rows.map(({ id, sentiment, detected_at: at }) => JSON.stringify([id, sentiment, at])));
  expect(distinct.size).toBe(new Set(rows.map(({ id }) => id)).size);
  return {
    items: Object.fromEntries(items.map(({ id, sentiment }) => [id, sentiment])),
    rows: Object.fromEntries(rows.map(({ id, sentiment }) => [id, sentiment])),
  };
}

describe('sentiment, with calls and documents that fail, and batches that come again', () => {
  const invoked: string[] = [];
  let isRefused = false;
  let app: App;
  beforeAll(async () => {
    app = await startApp(options, {
      stacks: ['TweetPipes', 'TweetLake'],
      faults:
        'comprehend.*:throttle=30%x2 comprehend.*:lose-answer=30%x2 ' +
        'comprehend.BatchDetectSentiment:partial=100%x1 pipe.*Sentiment*:redeliver=100%x1 seed=5',
      async intercept(call, forward) {
        if (call.operation === 'Invoke') invoked.push(call.request.url);
        const isSentiment = call.operation === 'StartSyncExecution' && call.request.body.includes('SentimentWorkflow');
        if (isRefused && isSentiment) throw new AwsError('AccessDeniedException', 'made to fail', { statusCode: 400 });
        return forward();
      },
    });
    await feed(app.clients, app.outputs.TweetStreamName, tweets.map(tweetOf));
    await app.settled();
  }, 120_000);
  afterAll(() => app?.stop());

  it('gives every tweet that of its text, on its item and in its rows', async () => {
    const { items, rows } = await sentiments(app.clients);

    expect(items).toEqual(expected);
    expect(rows).toEqual(expected);
    expect(app.runtime.faultCounts()).toMatchObject({ partial: 1, redeliver: 1 });
  });

  it('counts what Comprehend bills, 0.0003 USD for each short tweet', () => {
    const asked = tweets.filter((n) => !['NO_TEXT', 'UNSUPPORTED'].includes(expectedSentiment(n)));

    expect(app.runtime.units().comprehendUnits).toBeGreaterThanOrEqual(3 * asked.length);
  });

  it('lists the stand-in among what is not as on AWS', () => {
    expect(app.runtime.inert).toContainEqual({
      what: 'AWS::StepFunctions::StateMachine Comprehend',
      reason: expect.stringMatching(/stand-in.*55 %/),
      logicalIds: [expect.stringMatching(/^SentimentWorkflow/)],
    });
  });

  it('does not wake the archive', async () => {
    expect(invoked.some((url) => url.includes('FlattenTweets'))).toBe(true);
    expect(invoked.filter((url) => url.includes('FlattenRemovals'))).toEqual([]);
  });

  it('is answered by the named queries', async () => {
    const byHashtag = await namedQuery(app.clients, 'sentiment_by_hashtag');
    const divided = await namedQuery(app.clients, 'most_divided_hashtags');
    const judged = tweets.filter((n) => !['NO_TEXT', 'UNSUPPORTED'].includes(expectedSentiment(n)));
    const count = (sentiment: string) => judged.filter((n) => expectedSentiment(n) === sentiment).length;
    const sum = (column: string) =>
      byHashtag.filter(({ hashtag }) => hashtag === 'all').reduce((total, row) => total + Number(row[column]), 0);

    expect(sum('tweets')).toBe(judged.length);
    expect(sum('positive')).toBe(count('POSITIVE'));
    expect(sum('negative')).toBe(count('NEGATIVE'));
    expect(sum('neutral')).toBe(count('NEUTRAL'));
    expect(sum('mixed')).toBe(count('MIXED'));
    expect(divided.find(({ hashtag }) => hashtag === 'all')).toEqual({
      hashtag: 'all',
      tweets: String(judged.length),
      positive: String(count('POSITIVE')),
      negative: String(count('NEGATIVE')),
      divided: String(Math.round((Math.min(count('POSITIVE'), count('NEGATIVE')) * 1000) / judged.length) / 10),
    });
  });

  it('leaves the table with a tweet that is deleted', async () => {
    await feed(app.clients, app.outputs.TweetStreamName, [{ delete: { status: { id_str: '1001' } } }]);
    await app.settled();
    const { items } = await sentiments(app.clients);

    expect(items).toEqual(Object.fromEntries(Object.entries(expected).filter(([id]) => id !== '1001')));
    expect(await rowsBelow(app.clients, app.outputs.ArchiveBucketName, 'deleted/tweets/')).toMatchObject([
      { id: '1001', sentiment: 'NEGATIVE' },
    ]);
  });

  it('comes to a tweet that its pipe gave up, by redrive', async () => {
    const { SentimentPipeName: pipe = '' } = await outputsOf(app.clients, 'TweetLake');
    isRefused = true;
    await feed(app.clients, app.outputs.TweetStreamName, [tweetOf(40)]);
    await app.settled();
    isRefused = false;
    expect((await sentiments(app.clients)).items['1040']).toBeUndefined();

    const { clients, outputs: core } = app;
    const signal = new AbortController().signal;
    const report = await redrive(
      { clients, clock: systemClock, random: systemRandom, signal, note: () => {} },
      { core, others: [pipe] },
      {
        ...{ stop: false, dryRun: false, dismissExpired: false, onProgress: () => {} },
        reading: { hiddenSeconds: 600, waitSeconds: 0 },
      },
    );
    expect(report.others).toMatchObject([{ pipe, messages: 1, removed: 1, keptCount: 0, rows: 1 }]);
    await app.settled();
    const { items, rows } = await sentiments(app.clients);
    expect([items['1040'], rows['1040']]).toEqual([expectedSentiment(40), expectedSentiment(40)]);
  });
});

async function namedQuery(clients: AwsClients, name: string): Promise<Record<string, string | undefined>[]> {
  const { athena } = await clients.lake();
  const { WorkGroupName: WorkGroup, LakeDatabaseName: Database } = await outputsOf(clients, 'TweetLake');
  const { NamedQueryIds } = await athena.send(new ListNamedQueriesCommand({ WorkGroup }));
  const { NamedQueries = [] } = await athena.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
  const QueryString = NamedQueries.find(({ Name }) => Name === name)?.QueryString;
  const QueryExecutionContext = { Database };
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({ QueryString, WorkGroup, QueryExecutionContext }),
  );
  const status = async () =>
    (await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution?.Status;
  await until(async () => !['QUEUED', 'RUNNING'].includes((await status())?.State ?? ''), {
    what: `${name} ends`,
    everyMs: 20,
  });
  const { State, StateChangeReason } = (await status()) ?? {};
  expect([State, StateChangeReason]).toEqual(['SUCCEEDED', StateChangeReason]);
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const [header = [], ...rows] = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
    Data.map(({ VarCharValue }) => VarCharValue),
  );
  return rows.map((row) => Object.fromEntries(header.map((column = '', index) => [column, row[index]])));
}

describe('sentiment, killed on the way', () => {
  const kills: ChildOptions['killAt'][] = [
    { operation: 'BatchDetectSentiment', when: 'after', nth: 1 },
    { operation: 'PutRecordBatch', when: 'after', nth: 1 },
  ];
  let folder: string;
  let running: RuntimeProcess | undefined;
  let clients: AwsClients | undefined;
  afterEach(async () => {
    clients?.destroy();
    await running?.kill();
    await rm(folder, { recursive: true });
  });

  it('gives every tweet that of its text, once', async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentiment-'));
    const assemblyFolder = join(folder, 'assembly');
    await synthesizeApp(options, assemblyFolder);
    const stacks = ['TweetPipes', 'TweetLake'];
    const shared = { dataFolder: join(folder, 'data'), assemblyFolder, stacks };
    for (const [index, killAt] of kills.entries()) {
      running = new RuntimeProcess({ ...shared, killAt });
      const { endpoint, outputs } = await running.ready();
      if (index === 0) {
        const feeder = createClients({ endpoint });
        await feed(feeder, outputs.TweetStreamName, tweets.map(tweetOf));
        feeder.destroy();
      }
      expect({ killAt, idle: await running.idle() }).toEqual({ killAt, idle: undefined });
      expect(await running.ended).toBe('SIGKILL');
    }

    running = new RuntimeProcess(shared);
    const { endpoint } = await running.ready();
    await running.idle();
    clients = createClients({ endpoint });
    const { items, rows } = await sentiments(clients);
    expect(items).toEqual(expected);
    expect(rows).toEqual(expected);
    expect(await running.stop()).toBe(0);
    running = undefined;
  }, 120_000);
});
