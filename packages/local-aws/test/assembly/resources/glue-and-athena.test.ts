import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateNamedQueryCommand,
  GetNamedQueryCommand,
  GetWorkGroupCommand,
  ListNamedQueriesCommand,
} from '@aws-sdk/client-athena';
import {
  CreatePartitionCommand,
  GetCrawlerCommand,
  GetDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import type { SupportedResourceType } from '../../../src/assembly/resource-type.ts';
import { athenaNamedQuery } from '../../../src/assembly/resources/athena-named-query.ts';
import { athenaWorkGroup } from '../../../src/assembly/resources/athena-work-group.ts';
import { glueCrawler } from '../../../src/assembly/resources/glue-crawler.ts';
import { glueDatabase } from '../../../src/assembly/resources/glue-database.ts';
import { glueTable } from '../../../src/assembly/resources/glue-table.ts';
import { createAthenaService } from '../../../src/athena/service.ts';
import { createGlueService } from '../../../src/glue/service.ts';
import { unmetered } from '../../../src/meter/meter.ts';
import type { RuntimeContext } from '../../../src/runtime-context.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let dataFolder: string;
let aws: TestEndpoint;
let end: () => Promise<void>;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'lake-'));
  const parts: Pick<RuntimeContext, 'clock' | 'dataFolder' | 'meter' | 'random'> = {
    ...{ dataFolder, clock: systemClock, random: systemRandom, meter: unmetered },
  };
  const glue = createGlueService({
    ...parts,
    region: 'us-east-1',
    accountId: '000000000000',
    clients: () => aws.clients,
  });
  const athena = createAthenaService({ ...parts, clients: () => aws.clients });
  await glue.start();
  await athena.start();
  aws = await startTestEndpoint({ services: [glue, athena] });
  end = async () => {
    await aws.stop();
    await athena.stop();
    await glue.stop();
  };
});
afterAll(async () => {
  await end();
  await rm(dataFolder, { recursive: true });
});

let names = 0;
function resource(type: SupportedResourceType): ResourceFixture & { name: string } {
  names += 1;
  const name = `mine_${names}`;
  return Object.assign(new ResourceFixture(type, name, aws.clients), { name });
}
const lake = () => aws.clients.lake();
const CatalogId = '000000000000';

describe('AWS::Glue', () => {
  it('changes a database in place and deletes it with its tables', async () => {
    const database = resource(glueDatabase);
    const { ref: Name } = await database.create({ CatalogId, DatabaseInput: { Description: 'a' } });
    const table = resource(glueTable);
    await table.create({ CatalogId, DatabaseName: Name, TableInput: {} });
    await database.update({ CatalogId, DatabaseInput: { LocationUri: 's3://b/' } });
    const { glue } = await lake();
    const { Database } = await glue.send(new GetDatabaseCommand({ Name }));
    expect(Database).toMatchObject({ LocationUri: 's3://b/' });
    expect(Database).not.toHaveProperty('Description', 'a');
    expect(await Promise.all([database.exists(), table.exists()])).toEqual([true, true]);
    await database.delete();
    expect(await Promise.all([database.exists(), table.exists()])).toEqual([false, false]);
    await database.delete();
    await table.delete();
  });

  it.each<[SupportedResourceType, JsonObject, string | undefined]>([
    [glueDatabase, { CatalogId, DatabaseInput: { Name: 'mine' } }, 'mine'],
    [glueDatabase, { CatalogId, DatabaseName: 'mine', DatabaseInput: {} }, 'mine'],
    [glueTable, { CatalogId, DatabaseName: 'd', TableInput: { Name: 'mine' } }, 'mine'],
    [glueTable, { CatalogId, DatabaseName: 'd', TableInput: {} }, undefined],
  ])('takes the name from the input: $type, %j', ({ givenName }, properties, name) => {
    expect(givenName(properties)).toBe(name);
  });

  it('changes a table in place, with its partitions, and deletes it', async () => {
    const { ref: DatabaseName } = await resource(glueDatabase).create({ CatalogId, DatabaseInput: {} });
    const table = resource(glueTable);
    const of = (Description: string) => ({
      ...{ CatalogId, DatabaseName },
      TableInput: { Description, PartitionKeys: [{ Name: 'day', Type: 'string' }] },
    });
    const { ref: Name } = await table.create(of('a'));
    const { glue } = await lake();
    const PartitionInput = { Values: ['monday'] };
    await glue.send(new CreatePartitionCommand({ DatabaseName, TableName: Name, PartitionInput }));
    await table.update(of('b'));
    expect((await glue.send(new GetTableCommand({ DatabaseName, Name }))).Table).toMatchObject({ Description: 'b' });
    const { Partitions } = await glue.send(new GetPartitionsCommand({ DatabaseName, TableName: Name }));
    expect(Partitions).toMatchObject([{ Values: ['monday'] }]);
    await table.delete();
    await table.delete();
    expect(await table.exists()).toBe(false);
  });

  it('changes a crawler in place, back to the defaults too, and deletes it', async () => {
    const crawler = resource(glueCrawler);
    const of = (more: JsonObject) => ({
      ...{ Role: 'r', DatabaseName: 'd', Targets: { S3Targets: [{ Path: 's3://b/' }] }, ...more },
    });
    await crawler.create(of({ TablePrefix: 'p_', SchemaChangePolicy: { UpdateBehavior: 'LOG' } }));
    await crawler.update(of({ Description: 'd' }));
    const { glue } = await lake();
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name: crawler.name }));
    expect(Crawler).toMatchObject({
      ...{ Description: 'd', TablePrefix: '' },
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' },
    });
    expect(await crawler.exists()).toBe(true);
    await crawler.delete();
    await crawler.delete();
    expect(await crawler.exists()).toBe(false);
  });
});

describe('AWS::Athena', () => {
  it('changes a workgroup in place, back to the defaults too', async () => {
    const mine = resource(athenaWorkGroup);
    await mine.create({
      ...{ State: 'DISABLED', Description: 'd' },
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: 'true',
        BytesScannedCutoffPerQuery: '10000000',
        ResultConfiguration: { OutputLocation: 's3://b/r/' },
      },
    });
    await mine.update({ WorkGroupConfiguration: { PublishCloudWatchMetricsEnabled: true } });
    const { athena } = await lake();
    const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: mine.name }));
    expect(WorkGroup).toMatchObject({
      State: 'ENABLED',
      Configuration: { EnforceWorkGroupConfiguration: false, PublishCloudWatchMetricsEnabled: true },
    });
    expect(WorkGroup?.Configuration).not.toHaveProperty('BytesScannedCutoffPerQuery');
    expect(WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation).toBeUndefined();
  });

  it('deletes a workgroup that is empty, or with what it holds if the template says so', async () => {
    const mine = resource(athenaWorkGroup);
    await mine.create({});
    const { athena } = await lake();
    const query = { Name: 'q', Database: 'd', QueryString: 'SELECT 1', WorkGroup: mine.name };
    await athena.send(new CreateNamedQueryCommand(query));
    await expect(mine.delete()).rejects.toThrow('is not empty');
    await mine.update({ RecursiveDeleteOption: 'true' });
    expect(await mine.exists()).toBe(true);
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
  });

  it('keeps a query that is the same, and makes another of the same name beside one that differs', async () => {
    const { ref: WorkGroup } = await resource(athenaWorkGroup).create({});
    const old = resource(athenaNamedQuery);
    const of = (QueryString: string) => ({ Name: old.name, Database: 'd', QueryString, WorkGroup });
    const first = await old.create(of('SELECT 1'));
    expect(await old.create(of('SELECT 1'))).toEqual(first);
    // A replacement: the new one first, then the old one is deleted.
    const second = await new ResourceFixture(athenaNamedQuery, old.name, aws.clients).create(of('SELECT 2'));
    const { athena } = await lake();
    const ids = async () => (await athena.send(new ListNamedQueriesCommand({ WorkGroup }))).NamedQueryIds;
    expect(await ids()).toEqual([first.ref, second.ref]);
    await old.delete();
    await old.delete();
    expect(await ids()).toEqual([second.ref]);
    const { NamedQuery } = await athena.send(new GetNamedQueryCommand({ NamedQueryId: second.ref }));
    expect(NamedQuery).toMatchObject({ QueryString: 'SELECT 2' });
  });
});
