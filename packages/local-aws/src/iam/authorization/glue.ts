import { isJsonObject } from '@tweet-pipes/kit/json';
import { type Asked, anything, arnOf, type ResourceOf, type Rows, sameAction, textOf } from './asked.ts';

const glueArn = (asked: Asked, resource: string): string => arnOf(asked, 'glue', resource);

function nameIn(value: unknown): string {
  return isJsonObject(value) ? textOf(value.Name) : '';
}

/**
 * An action on a table needs the right on its database and the catalog too.
 * https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
 */
function catalogOf(tables: (asked: Asked) => readonly string[], database: (asked: Asked) => string): ResourceOf {
  return (asked) => {
    const name = database(asked);
    const below = tables(asked).map((table) => glueArn(asked, `table/${name}/${table}`));
    return [glueArn(asked, 'catalog'), glueArn(asked, `database/${name}`), ...below];
  };
}

const databaseName = ({ input }: Asked): string => textOf(input.DatabaseName);
const none = (): readonly string[] => [];
const all = (): readonly string[] => ['*'];

const onDatabase = catalogOf(none, ({ input }) => textOf(input.Name));
const onNewDatabase = catalogOf(none, ({ input }) => nameIn(input.DatabaseInput));
const onDatabases = catalogOf(none, () => '*');
const onTable = catalogOf(({ input }) => [textOf(input.Name)], databaseName);
const onTableInput = catalogOf(({ input }) => [nameIn(input.TableInput)], databaseName);
const onTables = catalogOf(all, databaseName);
const onNamedTables = catalogOf(
  ({ input }) => (Array.isArray(input.TablesToDelete) ? input.TablesToDelete.map(textOf) : []),
  databaseName,
);
const onPartitions = catalogOf(({ input }) => [textOf(input.TableName)], databaseName);
const onCrawler: ResourceOf = (asked) => glueArn(asked, `crawler/${textOf(asked.input.Name)}`);
const onCrawlers: ResourceOf = (asked) =>
  Array.isArray(asked.input.CrawlerNames)
    ? asked.input.CrawlerNames.map((name) => glueArn(asked, `crawler/${textOf(name)}`))
    : [];
const onResourceArn: ResourceOf = ({ input }) => textOf(input.ResourceArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html */
export const glue: Rows = {
  ...sameAction('glue', onDatabase, ['DeleteDatabase', 'GetDatabase', 'UpdateDatabase']),
  ...sameAction('glue', onNewDatabase, ['CreateDatabase']),
  ...sameAction('glue', onDatabases, ['GetDatabases']),
  ...sameAction('glue', onTable, ['DeleteTable', 'GetTable', 'GetTableVersions']),
  ...sameAction('glue', onTableInput, ['CreateTable', 'UpdateTable']),
  ...sameAction('glue', onTables, ['GetTables', 'SearchTables']),
  ...sameAction('glue', onNamedTables, ['BatchDeleteTable']),
  ...sameAction('glue', onPartitions, [
    ...['BatchCreatePartition', 'BatchDeletePartition', 'BatchGetPartition', 'BatchUpdatePartition'],
    ...['CreatePartition', 'DeletePartition', 'GetPartition', 'GetPartitions', 'UpdatePartition'],
  ]),
  ...sameAction('glue', onCrawler, ['DeleteCrawler', 'GetCrawler', 'StartCrawler', 'StopCrawler', 'UpdateCrawler']),
  ...sameAction('glue', onCrawlers, ['BatchGetCrawlers']),
  ...sameAction('glue', onResourceArn, ['GetTags', 'TagResource', 'UntagResource']),
  ...sameAction('glue', anything, ['CreateCrawler', 'GetCrawlerMetrics', 'GetCrawlers', 'ListCrawlers']),
};
