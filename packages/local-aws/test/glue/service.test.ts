import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchDeleteTableCommand,
  BatchGetPartitionCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTriggersCommand,
  type TableInput,
  UpdateDatabaseCommand,
  UpdatePartitionCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { glueDatabase } from '../../src/assembly/resources/glue-database.ts';
import { glueTable } from '../../src/assembly/resources/glue-table.ts';
import { createGlueService } from '../../src/glue/service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { emptyAccess } from '../iam/empty-access.ts';
import { startGlue } from './fixture.ts';

let aws: Awaited<ReturnType<typeof startGlue>>;
beforeAll(async () => {
  aws = await startGlue();
});
afterAll(() => aws.stop());

const weather: TableInput = {
  Name: 'Weather',
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'json' },
  PartitionKeys: [
    { Name: 'station', Type: 'string' },
    { Name: 'year', Type: 'int' },
  ],
  StorageDescriptor: { Columns: [{ Name: 'celsius', Type: 'double' }], Location: 's3://weather/' },
};
const inWeather = { DatabaseName: 'db', TableName: 'weather' };

describe('databases and tables', () => {
  beforeAll(async () => {
    await aws.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'DB', Description: 'first' } }));
    await aws.glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: weather }));
  });

  it('have names in lower case, and what was given', async () => {
    const { Database } = await aws.glue.send(new GetDatabaseCommand({ Name: 'db' }));
    const at = new Date('2026-03-01T10:20:30Z');
    expect(Database).toMatchObject({ Name: 'db', Description: 'first', CreateTime: at, CatalogId: '000000000000' });
    const { Table } = await aws.glue.send(new GetTableCommand({ DatabaseName: 'db', Name: 'WEATHER' }));
    expect(Table).toMatchObject({ ...weather, Name: 'weather', DatabaseName: 'db', VersionId: '0', CreateTime: at });
  });

  it('are listed by pages, tables also by an expression', async () => {
    await aws.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'alpha' } }));
    const first = await aws.glue.send(new GetDatabasesCommand({ MaxResults: 1 }));
    expect(first.DatabaseList?.map(({ Name }) => Name)).toEqual(['alpha']);
    const second = await aws.glue.send(new GetDatabasesCommand({ NextToken: first.NextToken }));
    expect(second.DatabaseList?.map(({ Name }) => Name)).toEqual(['db']);
    expect(second.NextToken).toBeUndefined();
    await aws.glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: { Name: 'wind' } }));
    const list = async (Expression: string) => {
      const { TableList } = await aws.glue.send(new GetTablesCommand({ DatabaseName: 'db', Expression }));
      return TableList?.map(({ Name }) => Name);
    };
    expect(await list('w.*')).toEqual(['weather', 'wind']);
    expect(await list('wi')).toEqual([]);
    await expect(list('(')).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('are updated and deleted, a database with its tables', async () => {
    await aws.glue.send(
      new UpdateDatabaseCommand({ Name: 'alpha', DatabaseInput: { Name: 'alpha', Description: 'x' } }),
    );
    const { Database } = await aws.glue.send(new GetDatabaseCommand({ Name: 'alpha' }));
    expect(Database?.Description).toBe('x');
    const change = { DatabaseName: 'db', TableInput: { Name: 'wind', Description: 'gusts' } };
    await aws.glue.send(new UpdateTableCommand(change));
    const get = new GetTableCommand({ DatabaseName: 'db', Name: 'wind' });
    expect((await aws.glue.send(get)).Table).toMatchObject({ Description: 'gusts', VersionId: '1' });
    await aws.glue.send(new DeleteTableCommand({ DatabaseName: 'db', Name: 'wind' }));
    await expect(aws.glue.send(get)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    await aws.glue.send(new CreateTableCommand({ DatabaseName: 'alpha', TableInput: { Name: 'rain' } }));
    const batch = new BatchDeleteTableCommand({ DatabaseName: 'alpha', TablesToDelete: ['rain', 'none'] });
    expect((await aws.glue.send(batch)).Errors).toMatchObject([{ TableName: 'none' }]);
    await aws.glue.send(new CreateTableCommand({ DatabaseName: 'alpha', TableInput: { Name: 'rain' } }));
    await aws.glue.send(new DeleteDatabaseCommand({ Name: 'alpha' }));
    await expect(aws.glue.send(new GetTablesCommand({ DatabaseName: 'alpha' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
      message: 'Database alpha not found.',
    });
  });

  it('exist once', async () => {
    const again = aws.glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: weather }));
    await expect(again).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const database = aws.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'db' } }));
    await expect(database).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  it('refuse what is not supported by its name', async () => {
    const linked = { Name: 'linked', TargetTable: { CatalogId: '1', DatabaseName: 'x', Name: 'y' } };
    await expect(
      aws.glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: linked })),
    ).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: 'TableInput.TargetTable: not supported by the local Glue',
    });
    await expect(aws.glue.send(new GetTriggersCommand())).rejects.toMatchObject({ name: 'UnknownOperationException' });
    const elsewhere = new GetDatabaseCommand({ CatalogId: '111111111111', Name: 'db' });
    await expect(aws.glue.send(elsewhere)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });
});

describe('partitions', () => {
  const partition = (station: string, year: number) => ({
    Values: [station, String(year)],
    StorageDescriptor: { Location: `s3://weather/${station}/${year}/`, Columns: [{ Name: 'celsius', Type: 'double' }] },
  });
  const list = async (Expression?: string, more = {}) => {
    const command = new GetPartitionsCommand({ ...inWeather, ...(Expression && { Expression }), ...more });
    const { Partitions = [] } = await aws.glue.send(command);
    return Partitions.map(({ Values = [] }) => Values.join('/'));
  };
  beforeAll(async () => {
    const PartitionInputList = [partition('bern', 2025), partition('bern', 2026), partition('o-town', 999)];
    const { Errors } = await aws.glue.send(new BatchCreatePartitionCommand({ ...inWeather, PartitionInputList }));
    expect(Errors).toEqual([]);
  });

  it.each([
    [undefined, ['bern/2025', 'bern/2026', 'o-town/999']],
    [`station = 'bern' AND year > 2025`, ['bern/2026']],
    ['year < 1000', ['o-town/999']],
    [`(station='bern' and year=2025) OR NOT station = 'bern'`, ['bern/2025', 'o-town/999']],
    [`"year" IN (999, 2026)`, ['bern/2026', 'o-town/999']],
    ['year BETWEEN 2025 AND 2030', ['bern/2025', 'bern/2026']],
    [`station NOT LIKE 'b%'`, ['o-town/999']],
    [`station LIKE 'b_rn' AND year <> 2025 AND year <= '2026'`, ['bern/2026']],
  ])('that fit %s', async (expression, expected) => {
    expect(await list(expression)).toEqual(expected);
  });

  it.each([`station ==`, `celsius > 1`, `station = 'x' year`, `station ~ 'x'`])(
    'refuse the expression %s',
    async (text) => {
      await expect(list(text)).rejects.toMatchObject({ name: 'InvalidInputException' });
    },
  );

  it('come by pages, without columns where they are not wanted', async () => {
    const first = await aws.glue.send(
      new GetPartitionsCommand({ ...inWeather, MaxResults: 2, ExcludeColumnSchema: true }),
    );
    expect(first.Partitions).toHaveLength(2);
    expect(first.Partitions?.[0]?.StorageDescriptor).toEqual({ Location: 's3://weather/bern/2025/' });
    expect(await list(undefined, { NextToken: first.NextToken })).toEqual(['o-town/999']);
  });

  it('are created, read, moved and deleted one by one', async () => {
    const create = new CreatePartitionCommand({ ...inWeather, PartitionInput: partition('riga', 1) });
    await aws.glue.send(create);
    await expect(aws.glue.send(create)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await aws.glue.send(
      new UpdatePartitionCommand({
        ...inWeather,
        PartitionValueList: ['riga', '1'],
        PartitionInput: partition('riga', 2),
      }),
    );
    const onto = { PartitionValueList: ['riga', '2'], PartitionInput: partition('bern', 2025) };
    await expect(aws.glue.send(new UpdatePartitionCommand({ ...inWeather, ...onto }))).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    const PartitionsToGet = [{ Values: ['riga', '1'] }, { Values: ['riga', '2'] }];
    const { Partitions } = await aws.glue.send(new BatchGetPartitionCommand({ ...inWeather, PartitionsToGet }));
    expect(Partitions).toMatchObject([{ Values: ['riga', '2'], TableName: 'weather' }]);
    await aws.glue.send(new DeletePartitionCommand({ ...inWeather, PartitionValues: ['riga', '2'] }));
    const gone = new GetPartitionCommand({ ...inWeather, PartitionValues: ['riga', '2'] });
    await expect(aws.glue.send(gone)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    const batch = new BatchDeletePartitionCommand({ ...inWeather, PartitionsToDelete: [{ Values: ['none', '0'] }] });
    expect((await aws.glue.send(batch)).Errors).toMatchObject([
      { PartitionValues: ['none', '0'], ErrorDetail: { ErrorCode: 'EntityNotFoundException' } },
    ]);
  });

  it('have one value for each key', async () => {
    const short = new CreatePartitionCommand({ ...inWeather, PartitionInput: { Values: ['bern'] } });
    await expect(aws.glue.send(short)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('the catalog', () => {
  it('outlives a restart, for its owner alone', async () => {
    const get = new GetTableCommand({ DatabaseName: 'db', Name: 'weather' });
    const before = (await aws.glue.send(get)).Table;
    const partitions = new GetPartitionsCommand(inWeather);
    const count = (await aws.glue.send(partitions)).Partitions?.length;
    await aws.restart();
    expect((await aws.glue.send(get)).Table).toEqual(before);
    expect((await aws.glue.send(partitions)).Partitions).toHaveLength(count ?? 0);
    expect((await stat(join(aws.dataFolder, 'glue', 'catalog.json'))).mode & 0o777).toBe(0o600);
  });

  it('takes a template resource, and again after a restart', async () => {
    const environment = { stackName: 'S', region: 'us-east-1', accountId: '0', partition: 'aws', urlSuffix: '' };
    const { clients, clock } = aws;
    const context = { clients, access: emptyAccess(), clock, assets: new Map(), shardsPerOnDemandStream: 1 };
    const identity = (logicalId: string) => ({ logicalId, physicalName: `s-${logicalId}`, environment });
    const CatalogId = '000000000000';
    for (const Description of ['old', 'new']) {
      const database = { CatalogId, DatabaseInput: { Name: 'Made', Description } };
      const table = { CatalogId, DatabaseName: 'made', TableInput: { Description, Retention: '3' } };
      expect(glueDatabase.check('D', database)).toEqual([]);
      expect(glueTable.check('T', table)).toEqual([]);
      expect(await glueDatabase.create(identity('d'), database, context)).toEqual({ ref: 'made', attributes: {} });
      expect(await glueTable.create(identity('t'), table, context)).toEqual({ ref: 's-t', attributes: {} });
    }
    const { Table } = await aws.glue.send(new GetTableCommand({ DatabaseName: 'made', Name: 's-t' }));
    expect(Table).toMatchObject({ Description: 'new', Retention: 3 });
  });

  it('that is damaged refuses the start with its name', async () => {
    const file = join(aws.dataFolder, 'glue', 'catalog.json');
    await writeFile(file, '{');
    const service = createGlueService({
      ...aws,
      region: 'us-east-1',
      accountId: '000000000000',
      meter: unmetered,
      clients: () => aws.clients,
    });
    await expect(service.start()).rejects.toThrow(`${file} is not JSON.`);
  });
});
