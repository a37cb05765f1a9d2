import type { GlueClient } from '@aws-sdk/client-glue';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { FormatConversion } from '../definition.ts';
import type { ConversionPlan } from './conversion.ts';

/**
 * The columns of the Glue table that a conversion names, in its latest version. A table that does not exist is a
 * failure of each record, as on AWS. Rejects with other errors of Glue.
 */
export async function tableSchema(
  glue: GlueClient,
  { SchemaConfiguration: named }: FormatConversion,
  at: { accountId: string; region: string },
): Promise<Pick<ConversionPlan, 'columns' | 'failure' | 'table'>> {
  const { CatalogId: catalogId = at.accountId, DatabaseName: databaseName, TableName: tableName } = named;
  const { Region: region = at.region, VersionId: versionId } = named;
  const table = { catalogId, databaseName, tableName, region, versionId };
  const { GetTableCommand } = await import('@aws-sdk/client-glue');
  try {
    const command = new GetTableCommand({ CatalogId: catalogId, DatabaseName: databaseName, Name: tableName });
    const { Table } = await glue.send(command);
    const columns = Table?.StorageDescriptor?.Columns ?? [];
    return { table, columns: columns.map(({ Name = '', Type = 'string' }) => ({ name: Name, type: Type })) };
  } catch (error) {
    if (!isNamed(error, 'EntityNotFoundException')) throw error;
    const errorMessage =
      'The specified table/database could not be found. Please ensure that the table/database exists and that the ' +
      'values provided in the schema configuration are correct, especially with regards to casing.';
    return { table, columns: [], failure: { errorCode: 'DataFormatConversion.EntityNotFound', errorMessage } };
  }
}
