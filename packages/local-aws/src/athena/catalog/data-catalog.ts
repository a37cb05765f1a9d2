import {
  type Column,
  type Database,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  type GlueClient,
  type Table,
} from '@aws-sdk/client-glue';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import { invalidRequest } from '../errors.ts';
import type { inputs } from '../shapes.ts';
import { CATALOG } from '../statement-kinds.ts';

type Input<Name extends keyof typeof inputs> = z.infer<(typeof inputs)[Name]>;

const PAGE = 50;

/** The Glue catalog in the words of Athena's API. Throws MetadataException for what it does not hold. */
export class DataCatalog {
  readonly #glue: GlueClient;

  constructor(glue: GlueClient) {
    this.#glue = glue;
  }

  database({ CatalogName, DatabaseName }: Input<'GetDatabase'>): Promise<object> {
    return known(CatalogName, async () => {
      const { Database: found } = await this.#glue.send(new GetDatabaseCommand({ Name: DatabaseName }));
      return { Database: describeDatabase(found) };
    });
  }

  databases({ CatalogName, NextToken, MaxResults }: Input<'ListDatabases'>): Promise<object> {
    return known(CatalogName, async () => {
      const command = new GetDatabasesCommand({ NextToken, MaxResults: MaxResults || PAGE });
      const { DatabaseList = [], NextToken: next } = await this.#glue.send(command);
      return { DatabaseList: DatabaseList.map(describeDatabase), ...(next !== undefined && { NextToken: next }) };
    });
  }

  table({ CatalogName, DatabaseName, TableName }: Input<'GetTableMetadata'>): Promise<object> {
    return known(CatalogName, async () => {
      const { Table: found } = await this.#glue.send(new GetTableCommand({ DatabaseName, Name: TableName }));
      return { TableMetadata: describeTable(found) };
    });
  }

  tables({ CatalogName, DatabaseName, Expression, ...page }: Input<'ListTableMetadata'>): Promise<object> {
    return known(CatalogName, async () => {
      const { NextToken, MaxResults } = page;
      const command = new GetTablesCommand({ DatabaseName, Expression, NextToken, MaxResults: MaxResults || PAGE });
      const { TableList = [], NextToken: next } = await this.#glue.send(command);
      return { TableMetadataList: TableList.map(describeTable), ...(next !== undefined && { NextToken: next }) };
    });
  }
}

async function known<T>(catalog: string, work: () => Promise<T>): Promise<T> {
  if (catalog.toLowerCase() !== CATALOG.toLowerCase()) throw invalidRequest(`Data catalog ${catalog} was not found`);
  try {
    return await work();
  } catch (error) {
    if (!isNamed(error, 'EntityNotFoundException')) throw error;
    throw new AwsError('MetadataException', error.message, { cause: error });
  }
}

function describeDatabase(database: Database | undefined): object {
  return { Name: database?.Name, Description: database?.Description, Parameters: database?.Parameters };
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_TableMetadata.html */
function describeTable(table: Table | undefined): object {
  const { StorageDescriptor: storage, Parameters } = table ?? {};
  return {
    Name: table?.Name,
    CreateTime: table?.CreateTime,
    TableType: table?.TableType,
    Columns: (storage?.Columns ?? []).map(describeColumn),
    PartitionKeys: (table?.PartitionKeys ?? []).map(describeColumn),
    Parameters: { ...Parameters, ...(storage?.Location !== undefined && { location: storage.Location }) },
  };
}

function describeColumn({ Name, Type, Comment }: Column): object {
  return { Name, Type, Comment };
}
