import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BatchGetNamedQueryCommand,
  BatchGetQueryExecutionCommand,
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  CreateWorkGroupCommand,
  DeleteNamedQueryCommand,
  DeleteWorkGroupCommand,
  GetDatabaseCommand,
  GetNamedQueryCommand,
  GetPreparedStatementCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListDataCatalogsCommand,
  ListNamedQueriesCommand,
  ListQueryExecutionsCommand,
  ListTableMetadataCommand,
  ListWorkGroupsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { athenaNamedQuery } from '../../src/assembly/resources/athena-named-query.ts';
import { athenaWorkGroup } from '../../src/assembly/resources/athena-work-group.ts';
import { emptyAccess } from '../iam/empty-access.ts';
import { bucket, jsonTable, results, startAthena } from './fixture.ts';

let aws: Awaited<ReturnType<typeof startAthena>>;
beforeAll(async () => {
  aws = await startAthena();
  await aws.createTable(jsonTable('plants', { name: 'string', height: 'double', seen: 'timestamp' }));
  await aws.putRows('plants/a/../b.json', [
    { name: 'oak "old"', height: 8, seen: '2026-01-02 03:04:05.678' },
    { name: '', height: null },
  ]);
  await aws.putRows('plants/c.json.gz', [{ name: null, height: 0.5 }]);
});
afterAll(() => aws.stop());

/** A query that never ends by itself. */
const endless =
  'SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 100000000)) AS b(y) WHERE x * y % 7 = 8';

describe('a query', () => {
  it('has its rows with types, NULL apart from the empty text, and its statistics', async () => {
    const { athena } = await aws.lake();
    const id = await aws.start('SELECT name, height, seen, 1 FROM plants ORDER BY height DESC');
    const execution = await aws.end(id);
    expect(execution).toMatchObject({
      StatementType: 'DML',
      SubstatementType: 'SELECT',
      Status: { State: 'SUCCEEDED' },
      WorkGroup: 'primary',
      QueryExecutionContext: { Database: 'db' },
      ResultConfiguration: { OutputLocation: `${results}${id}.csv` },
      EngineVersion: { EffectiveEngineVersion: 'Athena engine version 3' },
    });
    expect(execution.Statistics?.DataScannedInBytes).toBeGreaterThan(100);
    expect(await aws.rowsOf(id)).toEqual([
      ['name', 'height', 'seen', '_col3'],
      ['oak "old"', '8.0', '2026-01-02 03:04:05.678', '1'],
      [null, '0.5', null, '1'],
      ['', null, null, '1'],
    ]);
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo).toMatchObject([
      { Name: 'name', Type: 'varchar', Precision: 2147483647, CaseSensitive: true, Nullable: 'UNKNOWN' },
      { Name: 'height', Type: 'double', Precision: 17, CaseSensitive: false },
      { Name: 'seen', Type: 'timestamp', Precision: 3 },
      { Name: '_col3', Type: 'integer', Precision: 10 },
    ]);
  });

  it('leaves CSV and metadata in S3', async () => {
    const id = await aws.start('SELECT name, height FROM plants ORDER BY height DESC');
    await aws.end(id);
    const object = async (Key: string) => {
      const { Body } = await aws.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    };
    expect(await object(`results/${id}.csv`)).toBe('"name","height"\n"oak ""old""","8.0"\n,"0.5"\n"",\n');
    expect(await object(`results/${id}.csv.metadata`)).toMatch(/name.*varchar.*height.*double/s);
  });

  it('comes by pages, the first with the names of the columns', async () => {
    const { athena } = await aws.lake();
    const QueryExecutionId = await aws.start('SELECT x FROM UNNEST(sequence(1, 2500)) AS t(x) ORDER BY x');
    await aws.end(QueryExecutionId);
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));
      sizes.push(page.ResultSet?.Rows?.length ?? 0);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([1000, 1000, 501]);
    const first = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2 }));
    expect(first.ResultSet?.Rows?.map(({ Data }) => Data?.[0]?.VarCharValue)).toEqual(['x', '1']);
  });

  it('knows the object of each row, which * leaves out', async () => {
    expect(await aws.query(`SELECT *, "$path" FROM plants WHERE "$path" LIKE '%gz'`)).toEqual([
      [null, '0.5', null, `s3://${bucket}/plants/c.json.gz`],
    ]);
    expect(await aws.query('SELECT count("$path") FROM plants')).toEqual([['3']]);
  });

  it('takes parameters, which are literals', async () => {
    const ask = (sql: string, ...ExecutionParameters: string[]) => aws.query(sql, { ExecutionParameters });
    expect(await ask('SELECT ?, ?', '1', `'it''s'`)).toEqual([['1', `it's`]]);
    expect(await ask('SELECT ?', '1; DROP')).toContain('SYNTAX_ERROR: the parameter 1 is no literal');
    expect(await aws.query('SELECT ?')).toBe(
      'SYNTAX_ERROR: line 1:8: Incorrect number of parameters: expected 1 but found 0',
    );
  });

  it('runs a prepared statement', async () => {
    const { athena } = await aws.lake();
    const statement = { WorkGroup: 'primary', StatementName: 'tall' };
    const QueryStatement = 'SELECT name FROM plants WHERE height > ?';
    await athena.send(new CreatePreparedStatementCommand({ ...statement, QueryStatement }));
    const { PreparedStatement } = await athena.send(new GetPreparedStatementCommand(statement));
    expect(PreparedStatement).toMatchObject({ StatementName: 'tall', WorkGroupName: 'primary', QueryStatement });
    expect(await aws.query('EXECUTE tall USING 5')).toEqual([['oak "old"']]);
    expect(await aws.query('EXECUTE tall', { ExecutionParameters: ['7e0'] })).toEqual([['oak "old"']]);
    expect(await aws.query('EXECUTE short')).toContain('PreparedStatement short was not found');
  });

  it('with the same token is the same', async () => {
    const ClientRequestToken = 'a'.repeat(32);
    const id = await aws.start('SELECT 1', { ClientRequestToken });
    expect(await aws.start('SELECT 1', { ClientRequestToken })).toBe(id);
    await expect(aws.start('SELECT 2', { ClientRequestToken })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('is cancelled', async () => {
    const { athena } = await aws.lake();
    const id = await aws.start(endless);
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect((await aws.end(id)).Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Query cancelled by user',
    });
    const results = athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    await expect(results).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  it('waits in a queue, twenty at once', async () => {
    const { athena } = await aws.lake();
    const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => aws.start(`SELECT ${index}`)));
    const ends = await Promise.all(ids.map(async (id) => (await aws.end(id)).Status));
    expect(ends).toMatchObject(ids.map(() => ({ State: 'SUCCEEDED' })));
    const batch = new BatchGetQueryExecutionCommand({ QueryExecutionIds: [ids[0] ?? '', 'none'] });
    expect(await athena.send(batch)).toMatchObject({
      QueryExecutions: [{ QueryExecutionId: ids[0], Query: 'SELECT 0' }],
      UnprocessedQueryExecutionIds: [{ QueryExecutionId: 'none' }],
    });
    const { QueryExecutionIds = [] } = await athena.send(new ListQueryExecutionsCommand({ MaxResults: 20 }));
    expect([...QueryExecutionIds].sort()).toEqual([...ids].sort());
  });
});

describe('what a query is billed for', () => {
  it.each([
    ['SELECT name FROM plants', 10_000_000],
    ['SELECT nothing FROM plants', 0],
    ['SHOW TABLES', 0],
  ])('%s: %d bytes, which its caller pays', async (sql, billed) => {
    const before = aws.meter.callers.athenaScannedBytes;
    await aws.end(await aws.start(sql));
    expect(aws.meter.callers.athenaScannedBytes - before).toBe(billed);
    expect(aws.meter.stack.athenaScannedBytes).toBe(0);
  });
});

describe('what cannot run', () => {
  it.each([
    ['SELEC 1', `SYNTAX_ERROR: line 1:1: mismatched input 'SELEC'`],
    ['\n FROM plants', `SYNTAX_ERROR: line 2:2: mismatched input 'FROM'`],
    ['SELECT 1 FRM x y', `SYNTAX_ERROR: line 1:14: mismatched input 'x'`],
    ['SELECT 1; SELECT 2', 'SYNTAX_ERROR: line 1:9: only one statement is allowed'],
    ['SELECT *\nFROM nope', `TABLE_NOT_FOUND: Table 'awsdatacatalog.db.nope' does not exist`],
    ['SELECT * FROM nope.plants', `SCHEMA_NOT_FOUND: Schema 'nope' does not exist`],
    [
      'SELECT nam FROM plants',
      `COLUMN_NOT_FOUND: line 1:8: Column 'nam' cannot be resolved or requester is not authorized to access requested resources`,
    ],
    [
      'SELECT soundex(name) FROM plants',
      `FUNCTION_NOT_FOUND: line 1:8: Function 'soundex' not registered in the local Athena`,
    ],
    ['SELECT 1 / 0', 'DIVISION_BY_ZERO: Division by zero'],
    [`SELECT CAST('x' AS integer)`, `INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT`],
    [`SELECT CAST('2026-1x' AS date)`, 'INVALID_CAST_ARGUMENT: Value cannot be cast to date: 2026-1x'],
    [
      'SELECT ARRAY[1][2]',
      'INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: 2 > 1',
    ],
    [`SELECT MAP(ARRAY['a'], ARRAY[1])['b']`, 'INVALID_FUNCTION_ARGUMENT: Key not present in map: b'],
    ['INSERT INTO plants VALUES (1)', 'NOT_SUPPORTED: INSERT is not supported by the local Athena, which only reads'],
    ['CREATE TABLE x AS SELECT 1', 'NOT_SUPPORTED: CREATE is not supported by the local Athena, which only reads'],
    ['DROP TABLE plants', 'NOT_SUPPORTED: DROP is not supported by the local Athena, which only reads'],
    ["UNLOAD (SELECT 1) TO 's3://x/'", 'NOT_SUPPORTED: UNLOAD is not supported by the local Athena, which only reads'],
    [
      'SELECT * FROM plants TABLESAMPLE BERNOULLI (10)',
      'NOT_SUPPORTED: TABLESAMPLE is not supported by the local Athena',
    ],
    [
      'WITH RECURSIVE t(n) AS (SELECT 1) SELECT * FROM t',
      'NOT_SUPPORTED: WITH RECURSIVE is not supported by the local Athena',
    ],
    [`SELECT date_format(now(), '%D')`, 'NOT_SUPPORTED: the date specifier %D is not supported by the local Athena'],
    [
      `SELECT coalesce(now() AT TIME ZONE 'Asia/Tokyo', now())`,
      'NOT_SUPPORTED: line 1:31: a time in a zone in this place is not supported by the local Athena',
    ],
    [`SELECT json_extract('{}', '$.*')`, 'NOT_SUPPORTED: the JSON path $.* is not supported by the local Athena'],
    [`SELECT * FROM read_csv('/etc/passwd')`, 'NOT_SUPPORTED: function in FROM is not supported by the local Athena'],
    [
      `SELECT read_text('/etc/passwd')`,
      `FUNCTION_NOT_FOUND: line 1:8: Function 'read_text' not registered in the local Athena`,
    ],
    [`SELECT * FROM "/etc/passwd"`, `TABLE_NOT_FOUND: Table 'awsdatacatalog.db./etc/passwd' does not exist`],
    ['SHOW PARTITIONS plants', 'NOT_SUPPORTED: SHOW PARTITIONS is not supported by the local Athena'],
  ])('%s', async (sql, reason) => {
    expect(await aws.query(sql)).toBe(reason);
  });

  it('names the one who is wrong', async () => {
    const id = await aws.start('SELECT 1 / 0');
    expect((await aws.end(id)).Status).toMatchObject({
      State: 'FAILED',
      AthenaError: { ErrorCategory: 2, Retryable: false, ErrorMessage: 'DIVISION_BY_ZERO: Division by zero' },
    });
  });

  it('ends at its time limit, and the next one runs', async () => {
    const short = await startAthena({ bounds: { queryLimitMs: 5_000 } });
    try {
      expect(await short.query(endless)).toBe('EXCEEDED_TIME_LIMIT: Query exceeded the maximum run time of 5 s');
      expect(await short.query('SELECT 1')).toEqual([['1']]);
    } finally {
      await short.stop();
    }
  });

  it('that takes too much memory', async () => {
    const small = await startAthena({ bounds: { memoryBytes: 20_000_000 } });
    try {
      const sql =
        'SELECT count(DISTINCT CAST(x AS varchar) || CAST(x AS varchar)) FROM UNNEST(sequence(1, 3000000)) AS t(x)';
      expect(await small.query(sql)).toBe('EXCEEDED_MEMORY_LIMIT: Query exhausted resources at this scale factor');
    } finally {
      await small.stop();
    }
  });
});

describe('statements about the catalog', () => {
  it.each([
    ['SHOW DATABASES', [['db']]],
    ['SHOW TABLES', [['plants']]],
    ['SHOW TABLES IN db', [['plants']]],
    [
      'DESCRIBE plants',
      [
        ['name', 'string'],
        ['height', 'double'],
        ['seen', 'timestamp'],
      ],
    ],
  ])('%s', async (sql, expected) => {
    const id = await aws.start(sql);
    expect(await aws.end(id)).toMatchObject({ StatementType: 'UTILITY', Status: { State: 'SUCCEEDED' } });
    const rows = (await aws.rowsOf(id)).map(([line = '']) =>
      line
        ?.split('\t')
        .map((cell) => cell.trim())
        .filter(Boolean),
    );
    expect(rows).toEqual(expected);
  });

  it('and the operations for it', async () => {
    const { athena } = await aws.lake();
    expect(await athena.send(new ListDataCatalogsCommand())).toMatchObject({
      DataCatalogsSummary: [{ CatalogName: 'AwsDataCatalog', Type: 'GLUE' }],
    });
    const at = { CatalogName: 'AwsDataCatalog', DatabaseName: 'db' };
    expect((await athena.send(new GetDatabaseCommand(at))).Database).toMatchObject({ Name: 'db' });
    const { TableMetadata } = await athena.send(new GetTableMetadataCommand({ ...at, TableName: 'plants' }));
    expect(TableMetadata).toMatchObject({ Name: 'plants', Columns: [{ Name: 'name', Type: 'string' }, {}, {}] });
    expect((await athena.send(new ListTableMetadataCommand(at))).TableMetadataList).toHaveLength(1);
    const missing = athena.send(new GetTableMetadataCommand({ ...at, TableName: 'nope' }));
    await expect(missing).rejects.toMatchObject({ name: 'MetadataException' });
  });
});

describe('workgroups', () => {
  it('give results a place, enforce it, and bound the scan', async () => {
    const { athena } = await aws.lake();
    const Name = 'bounded';
    const OutputLocation = `s3://${bucket}/enforced`;
    const Configuration = { EnforceWorkGroupConfiguration: true, ResultConfiguration: { OutputLocation } };
    await athena.send(new CreateWorkGroupCommand({ Name, Configuration }));
    const id = await aws.start('SELECT 1', { WorkGroup: Name });
    expect((await aws.end(id)).ResultConfiguration).toEqual({ OutputLocation: `${OutputLocation}/${id}.csv` });
    const updates = { BytesScannedCutoffPerQuery: 10_000_000 };
    await athena.send(new UpdateWorkGroupCommand({ WorkGroup: Name, ConfigurationUpdates: updates }));
    const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: Name }));
    expect(WorkGroup).toMatchObject({ State: 'ENABLED', Configuration: { ...Configuration, ...updates } });
    await aws.createTable(jsonTable('large', { x: 'string' }));
    await aws.putRows('large/one.json', [{ x: 'y'.repeat(10_000_001) }]);
    const large = await aws.start('SELECT count(*) FROM large', { WorkGroup: Name });
    expect((await aws.end(large)).Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Query cancelled! : Bytes scanned limit was exceeded',
    });
    // Elsewhere a row of 10 MB is one like any other.
    expect(await aws.query('SELECT length(x) FROM large')).toEqual([['10000001']]);
    await athena.send(new UpdateWorkGroupCommand({ WorkGroup: Name, State: 'DISABLED' }));
    await expect(aws.start('SELECT 1', { WorkGroup: Name })).rejects.toThrow('WorkGroup bounded is disabled.');
    const { WorkGroups } = await athena.send(new ListWorkGroupsCommand());
    expect(WorkGroups?.map((each) => each.Name)).toEqual(['primary', Name]);
    await athena.send(new DeleteWorkGroupCommand({ WorkGroup: Name }));
    await expect(aws.start('SELECT 1', { WorkGroup: Name })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  it('need a place for results', async () => {
    const { athena } = await aws.lake();
    const start = athena.send(new StartQueryExecutionCommand({ QueryString: 'SELECT 1' }));
    await expect(start).rejects.toThrow('No output location provided.');
    const missing = { ResultConfiguration: { OutputLocation: 's3://nowhere-at-all/x' } };
    expect(await aws.query('SELECT 1', missing)).toContain('does not exist: s3://nowhere-at-all');
  });
});

describe('named queries', () => {
  it('are created, listed, read and deleted', async () => {
    const { athena } = await aws.lake();
    const query = { Name: 'tall', Database: 'db', QueryString: 'SELECT 1', Description: 'd' };
    const { NamedQueryId = '' } = await athena.send(new CreateNamedQueryCommand(query));
    const { NamedQuery } = await athena.send(new GetNamedQueryCommand({ NamedQueryId }));
    expect(NamedQuery).toEqual({ ...query, NamedQueryId, WorkGroup: 'primary' });
    expect((await athena.send(new ListNamedQueriesCommand())).NamedQueryIds).toEqual([NamedQueryId]);
    const batch = new BatchGetNamedQueryCommand({ NamedQueryIds: [NamedQueryId, 'none'] });
    expect(await athena.send(batch)).toMatchObject({
      NamedQueries: [query],
      UnprocessedNamedQueryIds: [{ NamedQueryId: 'none' }],
    });
    await athena.send(new DeleteNamedQueryCommand({ NamedQueryId }));
    await expect(athena.send(new GetNamedQueryCommand({ NamedQueryId }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('and workgroups come from a template, and stay as it says', async () => {
    const { athena } = await aws.lake();
    const environment = { stackName: 'S', region: 'us-east-1', accountId: '0', partition: 'aws', urlSuffix: '' };
    const context = {
      clients: aws.clients,
      clock: { now: () => 0, sleep: async () => {} },
      access: emptyAccess(),
      assets: new Map(),
      shardsPerOnDemandStream: 1,
    };
    const identity = (physicalName: string) => ({ logicalId: 'L', physicalName, environment });
    const ids = new Set<string>();
    for (const cutoff of ['20000000', 30000000]) {
      const group = {
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: 'true',
          BytesScannedCutoffPerQuery: cutoff,
          ResultConfiguration: { OutputLocation: results, EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
        },
      };
      expect(athenaWorkGroup.check('G', group)).toEqual([]);
      expect(await athenaWorkGroup.create(identity('group'), group, context)).toEqual({ ref: 'group', attributes: {} });
      const query = { Database: 'db', QueryString: 'SELECT 1', WorkGroup: 'group' };
      ids.add((await athenaNamedQuery.create(identity('query'), query, context)).ref);
    }
    expect(ids.size).toBe(1);
    const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: 'group' }));
    expect(WorkGroup?.Configuration).toMatchObject({ BytesScannedCutoffPerQuery: 30_000_000 });
    expect((await athena.send(new ListNamedQueriesCommand({ WorkGroup: 'group' }))).NamedQueryIds).toEqual([...ids]);
  });
});

describe('the data folder', () => {
  it('keeps executions over a restart, for its owner alone, and no copies of objects', async () => {
    const id = await aws.start('SELECT count(*) FROM plants');
    await aws.end(id);
    await aws.restart();
    expect(await aws.rowsOf(id)).toEqual([['_col0'], ['3']]);
    const folder = join(aws.dataFolder, 'athena');
    expect((await stat(join(folder, 'athena.json'))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['athena.json', 'results']);
  });
});
