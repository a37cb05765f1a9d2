import { GetQueryExecutionCommand, ListQueryExecutionsCommand } from '@aws-sdk/client-athena';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { type LocalLake, startLocalLake } from '../../../../test/infra/lake/local-lake.ts';
import { run } from '../../src/run.ts';
import { type FakeTerminal, fakeTerminal } from '../fake-terminal.ts';

let lake: LocalLake;
/** Operations that answer with AccessDenied. */
const denied = new Set<string>();
/** Called when an operation was answered. */
let onCall: (operation: string) => void = () => {};
const datehour = new Date().toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
const stored = [
  ['1', ['tea', 'кофе'], 'en'],
  ['2', ['tea'], 'ko'],
  ['3', [], null],
] as const;

beforeAll(async () => {
  lake = await startLocalLake({
    config: { queryScanLimitMebibytes: 10 },
    async intercept({ operation }, forward) {
      if (denied.has(operation)) {
        throw new AwsError('AccessDeniedException', `You are not authorized to perform: athena:${operation}`, {
          statusCode: 400,
        });
      }
      const answer = await forward();
      onCall(operation);
      return answer;
    },
  });
  const rows = stored.map(([id, hashtags, lang], index) => ({
    id,
    kind: 'tweet',
    hashtags,
    ...(lang !== null && { lang }),
    position: `shardId-000000000000:00${index + 1}`,
  }));
  await lake.putRows(datehour, rows);
  const TableName = 'counters';
  await lake.clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'hashtag', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'hashtag', AttributeType: 'S' }],
    }),
  );
  const others = ['TweetStreamName', 'TweetTableName', 'DeletionTableName', 'ShardTableName', 'ArchiveBucketName'];
  const pipes = ['IngestPipeName', 'TweetArchivePipeName', 'HashtagArchivePipeName', 'WorkflowArn'];
  const names = Object.fromEntries([...others, ...pipes].map((name) => [name, 'unused']));
  lake.publish('TweetPipes', { ...names, HashtagTableName: TableName });
});
afterAll(() => lake?.stop());
beforeEach(() => {
  denied.clear();
  onCall = () => {};
});

async function query(...args: string[]) {
  return ended(fakeTerminal({ AWS_ENDPOINT_URL: lake.endpoint }), 'query', ...args);
}

async function ended(terminal: FakeTerminal, ...args: string[]) {
  const exitCode = await run(args, terminal);
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

const sql = (text: string, ...more: string[]) => query('--sql', text, ...more);

describe('query', () => {
  it('without a name lists the named queries with their descriptions', async () => {
    const { exitCode, out, err } = await query();
    expect({ exitCode, err }).toEqual({
      exitCode: 0,
      err: 'They are in the workgroup TweetLake. Run one: npx tweet-pipes query <name>',
    });
    expect(out).toMatch(/^languages +Tweets by language in the last 24 hours/m);
    const { out: json } = await query('--json');
    expect(JSON.parse(json).map(({ name }: { name: string }) => name)).toEqual([...lake.queries.keys()].sort());
  });

  it('prints a named query as a table, and what it took', async () => {
    expect(await query('languages')).toEqual({
      exitCode: 0,
      out: [
        'lang  tweets  percent',
        '────  ──────  ───────',
        'en         1     33.3',
        'ko         1     33.3',
        'none       1     33.3',
      ].join('\n'),
      err: expect.stringMatching(
        /^3 rows, \d+\.\d s, \d+ bytes scanned: free here, 0\.00005 USD on AWS \(5 USD a TB, at least 10 MB a query\)\.$/,
      ),
    });
  });

  it('prints JSON with values as Athena prints them, or typed where JSON holds them exactly', async () => {
    const text =
      "SELECT id, 7 AS n, CAST(8 AS double) AS d, 9007199254740993 AS big, CAST('1.50' AS decimal(5,2)) AS m, id = '1' AS first, hashtags, lang FROM tweets WHERE id <> '2' ORDER BY id";
    const common = { d: '8.0', big: '9007199254740993', m: '1.50', n: '7' };
    const { out } = await sql(text, '--json');
    expect(JSON.parse(out)).toEqual([
      { ...common, id: '1', first: 'true', hashtags: '[tea, кофе]', lang: 'en' },
      { ...common, id: '3', first: 'false', hashtags: '[]', lang: null },
    ]);
    const typed = await sql(text, '--json', '--typed');
    expect(JSON.parse(typed.out)[0]).toEqual({
      id: '1',
      n: 7,
      d: 8,
      big: '9007199254740993',
      m: '1.50',
      first: true,
      hashtags: '[tea, кофе]',
      lang: 'en',
    });
    const twice = await sql('SELECT 1 AS a, 2 AS a', '--json');
    expect(twice.out).toBe('[{"a":"1","a_2":"2"}]');
  });

  it('prints CSV as Athena writes it: all pages, everything quoted, nothing for NULL', async () => {
    const { out } = await sql(`SELECT 'a"b' AS t, CAST(NULL AS varchar) AS n`, '--csv');
    expect(out).toBe('"t","n"\n"a""b",');
    const many = await sql('SELECT n FROM UNNEST(sequence(1, 2500)) AS t (n) ORDER BY n', '--csv');
    expect(many.out.split('\n')).toEqual(['"n"', ...Array.from({ length: 2500 }, (_, index) => `"${index + 1}"`)]);
    expect((await sql('SELECT n FROM UNNEST(sequence(1, 9)) AS t (n)', '--csv', '--limit', '2')).out).toBe(
      '"n"\n"1"\n"2"',
    );
  });

  it('cuts a long table off, and says how to get the rest', async () => {
    const long = await sql('SELECT n FROM UNNEST(sequence(1, 101)) AS t (n) ORDER BY n');
    expect(long.out.split('\n')).toHaveLength(102);
    expect(long.err).toContain('There are more than 100 rows: --limit <rows>, --csv and --json give more.');
    const limited = await sql('SELECT n FROM UNNEST(sequence(1, 101)) AS t (n) ORDER BY n', '--limit', '1');
    expect(limited).toMatchObject({ out: 'n\n─\n1', err: expect.stringMatching(/^1 row, /) });
  });

  it('gives values to the ? of the SQL, and says how a text is quoted', async () => {
    const text = 'SELECT id FROM tweets WHERE lang = ? AND cardinality(hashtags) > ?';
    expect(await sql(text, '--param', "'en'", '--param', '1', '--json')).toMatchObject({ out: '[{"id":"1"}]' });
    const hint =
      /^The query failed: .*\nGive each \? of the query a --param, a literal of SQL: a text stands in quotes/;
    for (const given of [['--param', 'en', '--param', '1'], []]) {
      expect(await sql(text, ...given)).toMatchObject({ exitCode: 2, err: expect.stringMatching(hint) });
    }
  });

  it('reads SQL from standard input', async () => {
    const { Readable } = await import('node:stream');
    const terminal = fakeTerminal({ AWS_ENDPOINT_URL: lake.endpoint }, Readable.from(['SELECT 1 ', 'AS one']));
    expect(await ended(terminal, 'query', '--sql', '-', '--json')).toMatchObject({ out: '[{"one":"1"}]' });
  });

  it('prints the columns of DESCRIBE apart, which Athena answers as one text a row', async () => {
    const { exitCode, out } = await sql('DESCRIBE tweets', '--json');
    expect([exitCode, JSON.parse(out)[0]]).toEqual([0, { col_name: 'id', data_type: 'string', comment: '' }]);
    expect((await sql('DESCRIBE tweets')).out).toMatch(/^col_name +data_type +comment\n[─ ]+\nid +string/);
  });

  it('replaces control characters of values in a table', async () => {
    expect((await sql(`SELECT chr(27) || '[2J' AS a`)).out).toContain('\ufffd[2J');
  });
});

describe('what goes wrong with a query', () => {
  it.each([
    [
      ['langages'],
      1,
      /^There is no query "langages" in the workgroup TweetLake. Did you mean languages\? There are audit, /,
    ],
    [['languages', '--sql', 'SELECT 1'], 1, /^Give a name or --sql, not both/],
    [['--sql', ' '], 1, /^The SQL is empty/],
    [['languages', '--typed'], 1, /^--typed is for --json/],
    [['--json', '--csv'], 1, /cannot be used with option '--csv'/],
    [
      ['languages', '--lake-stack', 'Pond'],
      1,
      /^The lake is not deployed here: there is no stack Pond\. These stacks are here: TweetLake, TweetPipes\. .*npx cdk deploy TweetPipes TweetLake/,
    ],
    [
      ['languages', '--lake-stack', 'TweetPipes'],
      1,
      /lacks the outputs LakeBucketName, .*: it is not a lake of tweet-pipes/,
    ],
    [['--sql', 'SELECT nothing FROM tweets'], 2, /^The query failed: COLUMN_NOT_FOUND: line 1:8/],
    [['--sql', 'SELECT * FROM twets'], 2, /^The query failed: TABLE_NOT_FOUND: .*twets/],
    [['--sql', 'DROP TABLE tweets'], 2, /^The query failed: /],
  ])('%j', async (args, exitCode, message) => {
    expect(await query(...args)).toMatchObject({ exitCode, out: '', err: expect.stringMatching(message) });
  });

  it('no permission: what AWS says of it', async () => {
    denied.add('StartQueryExecution');
    expect(await query('languages')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(
        'AccessDeniedException: You are not authorized to perform: athena:StartQueryExecution',
      ),
    });
  });

  it('the scan limit: what it is, and the two ways on', async () => {
    const filler = 'x'.repeat(1_000_000);
    const rows = Array.from({ length: 11 }, (_, n) => ({ id: `f${n}`, kind: 'tweet', text: filler }));
    await lake.putLines('2026/11/28/01', rows);
    expect(await sql("SELECT count(*) FROM tweets WHERE datehour = '2026/11/28/01'")).toEqual({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(
        /^Athena cancelled the query: it scans more than the workgroup TweetLake allows \(10\.5 MB\)\. Name the hours .*queryScanLimitMebibytes\.$/,
      ),
    });
    // What asks about everything, such as the audit, would meet it too.
    const object = { Bucket: lake.outputs.LakeBucketName, Key: 'tweets/2026/11/28/01/lines.jsonl' };
    await lake.clients.s3.send(new DeleteObjectCommand(object));
  });

  it('Ctrl-C: the query is stopped at Athena', async () => {
    const terminal = fakeTerminal({ AWS_ENDPOINT_URL: lake.endpoint });
    onCall = (operation) => operation === 'GetQueryExecution' && terminal.interrupt();
    const endless =
      'SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a (x), UNNEST(sequence(1, 100000)) AS b (y), UNNEST(sequence(1, 1000)) AS c (z) WHERE (x * y + z) % 7 = 3';
    expect(await ended(terminal, 'query', '--sql', endless)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^The query was stopped after it had scanned 0 bytes\. Query cancelled by user/),
    });
    const { athena } = await lake.clients.lake();
    const { QueryExecutionIds: [QueryExecutionId] = [] } = await athena.send(
      new ListQueryExecutionsCommand({ WorkGroup: 'TweetLake' }),
    );
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    expect(QueryExecution?.Status?.State).toBe('CANCELLED');
  });
});

describe('progress', () => {
  it('is drawn on a terminal after two seconds, and on no other stream', async () => {
    const { PassThrough } = await import('node:stream');
    for (const isTTY of [true, false]) {
      const drawn: string[] = [];
      const progress = Object.assign(new PassThrough(), { isTTY, columns: 80, cursorTo() {}, clearLine() {} });
      progress.on('data', (part) => drawn.push(String(part)));
      let nowMs = 0;
      const clock = {
        now: () => nowMs,
        async sleep(ms: number) {
          await systemClock.sleep(1);
          nowMs += ms;
        },
      };
      const terminal = { ...fakeTerminal({ AWS_ENDPOINT_URL: lake.endpoint }), progress, clock };
      const slow =
        'SELECT count(*) AS n FROM UNNEST(sequence(1, 5000)) AS a (x), UNNEST(sequence(1, 5000)) AS b (y) ' +
        'WHERE (x * y) % 7 = 3';
      expect(await run(['query', '--sql', slow], terminal)).toBe(0);
      expect(nowMs).toBeGreaterThan(2_000);
      expect(drawn.join('')).toEqual(isTTY ? expect.stringMatching(/The query runs: \d+ s, 0 bytes scanned/) : '');
    }
  });
});

describe('the audit', () => {
  const count = (hashtag: string, htCount: number) =>
    lake.clients.dynamodb.send(
      new PutItemCommand({ TableName: 'counters', Item: { hashtag: { S: hashtag }, htCount: { N: String(htCount) } } }),
    );

  it('finds nothing where each counter is what the lake says', async () => {
    await count('tea', 2);
    await count('кофе', 1);
    const { exitCode, out, err } = await query('audit');
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
    expect(err).toContain('2 hashtags: every counter is what the lake says.');
    expect((await query('audit', '--json')).out).toBe('[]');
  });

  it('lists the differences with exit code 2, and says why there may be some', async () => {
    await count('tea', 3);
    await count('only counted', 1);
    await count('кофе', 0);
    const { exitCode, out, err } = await query('audit');
    expect({ exitCode, lines: out.split('\n').slice(2) }).toEqual({
      exitCode: 2,
      lines: ['only counted        1     0', 'tea                 3     2', 'кофе                0     1'],
    });
    expect(err).toContain('3 hashtags, 3 differ: 2 counters above the lake, 1 below.');
    expect(err).toContain(
      'Above, while records are under way: Firehose keeps rows back until its buffer is full or old',
    );
    expect(err).toContain('Below, while the ingest pipe is behind or stopped: `npx tweet-pipes status`');
    const json = await query('audit', '--json', '--typed');
    expect([json.exitCode, JSON.parse(json.out)[1]]).toEqual([2, { hashtag: 'tea', counter: 3, lake: 2 }]);
  });

  it('explains only the differences that are there', async () => {
    await count('tea', 1);
    await count('only counted', 0);
    await count('кофе', 1);
    const behind = await query('audit');
    expect(behind.err).toContain('3 hashtags, 1 differ: 0 counters above the lake, 1 below.');
    expect(behind.err).toContain('the ingest pipe is behind or stopped');
    expect(behind.err).not.toContain('Firehose');
    await count('tea', 3);
    const ahead = await query('audit');
    expect(ahead.err).toContain('Firehose');
    expect(ahead.err).not.toContain('pipe is behind');
  });

  it('needs the stack of the counters', async () => {
    expect(await query('audit', '--stack', 'Other')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('There is no stack Other here'),
    });
  });
});
