import { CreatePartitionCommand, CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { type LocalLake, startLocalLake } from '../../../../test/infra/lake/local-lake.ts';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const table = 'crawled_tweets';

/** A crawler whose crawls do what a test says; each looks twice as if it ran. */
const crawler = {
  crawl: async (): Promise<void> => {},
  isRunning: false,
  looks: 0,
  lastCrawl: { Status: 'SUCCEEDED' } as {
    Status: string;
    ErrorMessage?: string;
    LogGroup?: string;
    LogStream?: string;
  },
};

let lake: LocalLake;
beforeAll(async () => {
  lake = await startLocalLake({
    glue: {
      async StartCrawler() {
        if (crawler.isRunning) throw new AwsError('CrawlerRunningException', 'Crawler is running', { statusCode: 400 });
        crawler.isRunning = true;
        crawler.looks = 0;
        return {};
      },
      async GetCrawler() {
        if (crawler.isRunning) crawler.looks += 1;
        if (crawler.looks > 2) {
          await crawler.crawl();
          crawler.isRunning = false;
          crawler.looks = 0;
        }
        const State = crawler.isRunning ? 'RUNNING' : 'READY';
        const { LakeDatabaseName: DatabaseName } = lake.outputs;
        return { Crawler: { State, DatabaseName, TablePrefix: 'crawled_', LastCrawl: crawler.lastCrawl } };
      },
    },
  });
});
afterAll(() => lake?.stop());
beforeEach(() => {
  Object.assign(crawler, { crawl: async () => {}, isRunning: false, looks: 0, lastCrawl: { Status: 'SUCCEEDED' } });
});

async function crawl(...args: string[]) {
  const terminal = fakeTerminal({ AWS_ENDPOINT_URL: lake.endpoint });
  const exitCode = await run(['crawl', ...args], terminal);
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

async function createTable(columns: string[]): Promise<void> {
  const { glue } = await lake.clients.lake();
  const { LakeDatabaseName: DatabaseName } = lake.outputs;
  const TableInput = {
    Name: table,
    StorageDescriptor: { Columns: columns.map((Name) => ({ Name, Type: 'string' })), Location: 's3://x/' },
    PartitionKeys: [{ Name: 'partition_0', Type: 'string' }],
  };
  await glue.send(new CreateTableCommand({ DatabaseName, TableInput }));
}

async function addPartitions(...values: string[]): Promise<void> {
  const { glue } = await lake.clients.lake();
  for (const value of values) {
    const PartitionInput = { Values: [value], StorageDescriptor: { Location: `s3://x/${value}/` } };
    const { LakeDatabaseName: DatabaseName } = lake.outputs;
    await glue.send(new CreatePartitionCommand({ DatabaseName, TableName: table, PartitionInput }));
  }
}

describe('crawl', () => {
  it('starts the crawler, and does not wait unless it is asked to', async () => {
    expect(await crawl()).toEqual({
      exitCode: 0,
      out: '',
      err: `Started the crawler ${lake.outputs.LakeCrawlerName}.\n--wait says what it finds.`,
    });
    expect(crawler.isRunning).toBe(true);
  });

  it('says which tables and partitions are new, and later what changed', async () => {
    crawler.crawl = async () => {
      await createTable(['id', 'text']);
      await addPartitions('2025', '2026');
    };
    expect(await crawl('--wait')).toMatchObject({
      exitCode: 0,
      out: [
        'crawled_tweets: made, 2 partitions',
        '  columns: id string, text string, partition_0 string',
        '  2 new partitions: 2025, 2026',
      ].join('\n'),
    });
    crawler.crawl = () => addPartitions('2027');
    expect((await crawl('--wait')).out).toBe('crawled_tweets: changed, 3 partitions\n  1 new partition: 2027');
    crawler.crawl = async () => {
      const { glue } = await lake.clients.lake();
      await glue.send(new DeleteTableCommand({ DatabaseName: lake.outputs.LakeDatabaseName, Name: table }));
      await createTable(['id', 'text', 'lang']);
    };
    expect(JSON.parse((await crawl('--wait', '--json')).out)).toEqual([
      { name: table, isNew: false, columns: ['lang string'], newPartitions: [], partitions: 0 },
    ]);
    crawler.crawl = async () => {};
    expect((await crawl('--wait')).out).toBe('Nothing is new in the database tweetlake.');
  });

  it('follows a crawl that runs already', async () => {
    crawler.isRunning = true;
    const { exitCode, err } = await crawl('--wait');
    expect([exitCode, err]).toEqual([0, `The crawler ${lake.outputs.LakeCrawlerName} runs already.`]);
  });

  it('says why a crawl failed, with exit code 2', async () => {
    const where = { LogGroup: '/aws-glue/crawlers', LogStream: 'TweetLake' };
    crawler.lastCrawl = { Status: 'FAILED', ErrorMessage: 'The bucket is gone.', ...where };
    expect(await crawl('--wait')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('The crawl failed: The bucket is gone. Its log is /aws-glue/crawlers, TweetLake.'),
    });
  });
});

describe('crawl of the local runtime', () => {
  it('makes a table of what is in the lake, which can be queried', async () => {
    const own = await startLocalLake();
    const local = async (...args: string[]) => {
      const terminal = fakeTerminal({ AWS_ENDPOINT_URL: own.endpoint });
      return { exitCode: await run(args, terminal), out: terminal.printed(), err: terminal.complaints() };
    };
    try {
      expect(await local('crawl', '--wait')).toMatchObject({
        exitCode: 0,
        out: 'Nothing is new in the database tweetlake.',
      });
      await own.putRows('2026/11/20/10', [{ id: '1', hashtags: ['a'], kind: 'tweet' }]);
      expect((await local('crawl', '--wait')).out).toBe(
        [
          'crawled_tweets: made, 1 partition',
          '  columns: id string, hashtags array<string>, kind string, partition_0 string, partition_1 string, ' +
            'partition_2 string, partition_3 string',
          '  1 new partition: 2026/11/20/10',
        ].join('\n'),
      );
      const { out } = await local('query', '--sql', 'SELECT id, hashtags FROM crawled_tweets', '--json');
      expect(JSON.parse(out)).toEqual([{ id: '1', hashtags: '[a]' }]);
    } finally {
      await own.stop();
    }
  });
});
