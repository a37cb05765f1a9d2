import type { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, Operation, RequestContext } from '../gateway/local-service.ts';
import type { ClientsOfSession, DecideForSession } from '../iam/worker-session.ts';
import type { Part } from '../lifecycle.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { Catalog, type CatalogDatabase, type CatalogPartition, type CatalogTable, partitionKey } from './catalog.ts';
import { Crawlers } from './crawler/crawlers.ts';
import { crawlerOperations } from './crawler/operations.ts';
import { alreadyExists, invalidInput, notFound, parseInput } from './errors.ts';
import { pageOf } from './page.ts';
import { parsePartitionExpression } from './partition-expression.ts';
import { inputs, type PartitionInput } from './shapes.ts';

/** The catalog and the crawlers are kept in `<dataFolder>/glue/`. */
export interface GlueServiceOptions
  extends Pick<RuntimeContext, 'clock' | 'dataFolder' | 'meter' | 'region' | 'accountId'> {
  /**
   * Clients for S3, by which crawlers read with the rights of their roles. Called at each crawl, since the endpoint
   * starts after this service.
   */
  clients: ClientsOfSession;
  /** Whether a crawler's role may change the catalog. Default: it may. */
  decide?: DecideForSession;
}

const PAGE = 100;
/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html */
const PARTITION_PAGE = 1000;

/**
 * The catalog of AWS Glue: databases, tables and partitions, and crawlers that fill it from files in S3. No versions of
 * tables, no permissions, no links to other accounts. `start` reads the catalog and the crawlers.
 */
export function createGlueService(options: GlueServiceOptions): LocalService & Part {
  let opened: { catalog: Catalog; crawlers: Crawlers } | undefined;
  const parts = () => {
    if (opened === undefined) throw new AwsError('InternalServiceException', 'Glue is starting.', { statusCode: 500 });
    return opened;
  };
  const catalog = (): Catalog => parts().catalog;
  const now = () => options.clock.now();

  const operation =
    <T extends { CatalogId?: string | undefined }>(
      schema: z.ZodType<T>,
      run: (input: T, context: RequestContext) => object | Promise<object>,
    ): Operation =>
    async (input, context) => {
      const parsed = parseInput(schema, input);
      const { CatalogId } = parsed;
      if (CatalogId !== undefined && CatalogId !== context.accountId) throw notFound(`Catalog ${CatalogId}`);
      return run(parsed, context);
    };
  /** An operation that changes the catalog. Its answer comes when the change is on disk. */
  const change =
    <T extends { CatalogId?: string | undefined }>(
      schema: z.ZodType<T>,
      run: (input: T, context: RequestContext) => object,
    ): Operation =>
    async (input, context) => {
      const answer = await operation(schema, run)(input, context);
      await catalog().save();
      return answer;
    };

  const addPartition = (table: CatalogTable, input: PartitionInput): void => {
    const keys = table.input.PartitionKeys ?? [];
    if (input.Values.length !== keys.length) {
      throw invalidInput(`The number of partition keys (${keys.length}) does not match that of the values.`);
    }
    const key = partitionKey(input.Values);
    if (table.partitions.has(key)) throw alreadyExists('Partition');
    table.partitions.set(key, { input, createdMs: now() });
  };
  const partitionOf = (table: CatalogTable, values: readonly string[]): CatalogPartition => {
    const found = table.partitions.get(partitionKey(values));
    if (found === undefined) throw notFound(`Partition [${values.join(', ')}]`);
    return found;
  };
  const removePartition = (table: CatalogTable, values: readonly string[]): void => {
    partitionOf(table, values);
    table.partitions.delete(partitionKey(values));
  };
  /** Does a batch and answers its failures. */
  const each = <T>(items: readonly T[], work: (item: T) => void, describe: (item: T) => object): object => {
    const errors: object[] = [];
    for (const item of items) {
      try {
        work(item);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ ...describe(item), ErrorDetail: { ErrorCode: error.name, ErrorMessage: error.message } });
      }
    }
    return { Errors: errors };
  };

  return {
    signingName: 'glue',
    operations: {
      CreateDatabase: change(inputs.CreateDatabase, ({ DatabaseInput }) => {
        catalog().addDatabase({ input: DatabaseInput, createdMs: now(), tables: new Map() });
        return {};
      }),
      GetDatabase: operation(inputs.GetDatabase, ({ Name }, context) => ({
        Database: describeDatabase(catalog().database(Name), context),
      })),
      GetDatabases: operation(inputs.GetDatabases, (input, context) => {
        const { items, ...rest } = pageOf(catalog().databases, input, PAGE);
        return { DatabaseList: items.map((database) => describeDatabase(database, context)), ...rest };
      }),
      UpdateDatabase: change(inputs.UpdateDatabase, ({ Name, DatabaseInput }) => {
        if (DatabaseInput.Name !== Name) throw invalidInput('A database cannot be renamed.');
        catalog().database(Name).input = DatabaseInput;
        return {};
      }),
      DeleteDatabase: change(inputs.DeleteDatabase, ({ Name }) => {
        catalog().removeDatabase(Name);
        return {};
      }),

      CreateTable: change(inputs.CreateTable, ({ DatabaseName, TableInput }) => {
        const { tables } = catalog().database(DatabaseName);
        if (tables.has(TableInput.Name)) throw alreadyExists('Table');
        const at = { createdMs: now(), updatedMs: now() };
        tables.set(TableInput.Name, { input: TableInput, ...at, version: 0, partitions: new Map() });
        return {};
      }),
      GetTable: operation(inputs.GetTable, ({ DatabaseName, Name }, context) => ({
        Table: describeTable(DatabaseName, catalog().table(DatabaseName, Name), context),
      })),
      GetTables: operation(inputs.GetTables, (input, context) => {
        const matches = nameMatcher(input.Expression);
        const found = catalog()
          .tables(input.DatabaseName)
          .filter((table) => matches(table.input.Name));
        const { items, ...rest } = pageOf(found, input, PAGE);
        return { TableList: items.map((table) => describeTable(input.DatabaseName, table, context)), ...rest };
      }),
      UpdateTable: change(inputs.UpdateTable, ({ DatabaseName, TableInput }) => {
        const table = catalog().table(DatabaseName, TableInput.Name);
        Object.assign(table, { input: TableInput, updatedMs: now(), version: table.version + 1 });
        return {};
      }),
      DeleteTable: change(inputs.DeleteTable, ({ DatabaseName, Name }) => {
        catalog().table(DatabaseName, Name);
        catalog().database(DatabaseName).tables.delete(Name);
        return {};
      }),
      BatchDeleteTable: change(inputs.BatchDeleteTable, ({ DatabaseName, TablesToDelete }) =>
        each(
          TablesToDelete,
          (name) => {
            catalog().table(DatabaseName, name);
            catalog().database(DatabaseName).tables.delete(name);
          },
          (TableName) => ({ TableName }),
        ),
      ),

      CreatePartition: change(inputs.CreatePartition, ({ DatabaseName, TableName, PartitionInput }) => {
        addPartition(catalog().table(DatabaseName, TableName), PartitionInput);
        return {};
      }),
      BatchCreatePartition: change(inputs.BatchCreatePartition, ({ DatabaseName, TableName, PartitionInputList }) => {
        const table = catalog().table(DatabaseName, TableName);
        return each(
          PartitionInputList,
          (input) => addPartition(table, input),
          ({ Values }) => ({ PartitionValues: Values }),
        );
      }),
      UpdatePartition: change(inputs.UpdatePartition, ({ DatabaseName, TableName, ...input }) => {
        const table = catalog().table(DatabaseName, TableName);
        const old = partitionOf(table, input.PartitionValueList);
        // Taken away first, since the new values may be the old ones.
        removePartition(table, input.PartitionValueList);
        try {
          addPartition(table, input.PartitionInput);
        } catch (error) {
          table.partitions.set(partitionKey(input.PartitionValueList), old);
          throw error;
        }
        return {};
      }),
      GetPartition: operation(inputs.GetPartition, ({ DatabaseName, TableName, PartitionValues }, context) => {
        const partition = partitionOf(catalog().table(DatabaseName, TableName), PartitionValues);
        return { Partition: describePartition(DatabaseName, TableName, partition, context) };
      }),
      BatchGetPartition: operation(
        inputs.BatchGetPartition,
        ({ DatabaseName, TableName, PartitionsToGet }, context) => {
          const { partitions } = catalog().table(DatabaseName, TableName);
          const known = PartitionsToGet.map(({ Values }) => partitions.get(partitionKey(Values)));
          return {
            Partitions: known.flatMap((found) =>
              found === undefined ? [] : describePartition(DatabaseName, TableName, found, context),
            ),
            UnprocessedKeys: [],
          };
        },
      ),
      GetPartitions: operation(inputs.GetPartitions, ({ DatabaseName, TableName, Expression, ...input }, context) => {
        const table = catalog().table(DatabaseName, TableName);
        const found = [...table.partitions.values()].filter(partitionFilter(table, Expression));
        const { items, ...rest } = pageOf(found, input, PARTITION_PAGE);
        const described = items.map((each) => describePartition(DatabaseName, TableName, each, context));
        return { Partitions: input.ExcludeColumnSchema ? described.map(withoutColumns) : described, ...rest };
      }),
      DeletePartition: change(inputs.DeletePartition, ({ DatabaseName, TableName, PartitionValues }) => {
        removePartition(catalog().table(DatabaseName, TableName), PartitionValues);
        return {};
      }),
      BatchDeletePartition: change(inputs.BatchDeletePartition, ({ DatabaseName, TableName, PartitionsToDelete }) => {
        const table = catalog().table(DatabaseName, TableName);
        return each(
          PartitionsToDelete,
          ({ Values }) => removePartition(table, Values),
          ({ Values }) => ({ PartitionValues: Values }),
        );
      }),

      ...crawlerOperations(() => parts().crawlers),
    },
    async start() {
      const found = await Catalog.open(options.dataFolder);
      const crawlers = await Crawlers.open({ ...options, catalog: found });
      opened = { catalog: found, crawlers };
    },
    async stop() {
      await opened?.crawlers.stop();
      await opened?.catalog.save();
    },
  };
}

function describeDatabase({ input, createdMs }: CatalogDatabase, { accountId }: RequestContext): object {
  return { ...input, CreateTime: new Date(createdMs), CatalogId: accountId };
}

function describeTable(databaseName: string, table: CatalogTable, { accountId }: RequestContext): object {
  return {
    ...table.input,
    DatabaseName: databaseName,
    CreateTime: new Date(table.createdMs),
    UpdateTime: new Date(table.updatedMs),
    CreatedBy: `arn:aws:iam::${accountId}:root`,
    IsRegisteredWithLakeFormation: false,
    CatalogId: accountId,
    VersionId: String(table.version),
  };
}

interface DescribedPartition extends PartitionInput {
  DatabaseName: string;
  TableName: string;
  CreationTime: Date;
  CatalogId: string;
}

function describePartition(
  DatabaseName: string,
  TableName: string,
  { input, createdMs }: CatalogPartition,
  { accountId }: RequestContext,
): DescribedPartition {
  return { ...input, DatabaseName, TableName, CreationTime: new Date(createdMs), CatalogId: accountId };
}

function withoutColumns(partition: DescribedPartition): DescribedPartition {
  if (partition.StorageDescriptor === undefined) return partition;
  const { Columns: _, ...storage } = partition.StorageDescriptor;
  return { ...partition, StorageDescriptor: storage };
}

function partitionFilter(table: CatalogTable, expression: string | undefined): (found: CatalogPartition) => boolean {
  if (expression === undefined || expression.trim() === '') return () => true;
  const keys = (table.input.PartitionKeys ?? []).map(
    ({ Name, Type = 'string' }) => [Name.toLowerCase(), Type] as const,
  );
  const fits = parsePartitionExpression(expression, new Map(keys));
  return ({ input }) => fits(new Map(keys.map(([name], index) => [name, input.Values[index] ?? ''])));
}

/** The Expression of GetTables is a regular expression for the whole name. */
function nameMatcher(expression: string | undefined): (name: string) => boolean {
  if (expression === undefined) return () => true;
  try {
    const pattern = new RegExp(`^(?:${expression})$`, 'u');
    return (name) => pattern.test(name);
  } catch (cause) {
    throw new AwsError('InvalidInputException', `Expression is no regular expression: ${expression}`, { cause });
  }
}
