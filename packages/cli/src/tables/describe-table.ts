import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { flatten, sorted } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { Columns } from '@tweet-pipes/kit/dynamodb-json/columns';
import { wireItem } from '@tweet-pipes/kit/dynamodb-json/wire-item';
import type { Json } from '@tweet-pipes/kit/json';
import { changeColumnNames, type SalesTable, salesTableSchema } from '@tweet-pipes/kit/orders/sales-table';
import { CliError } from '../cli-error.ts';

/** A table, and columns that its items have but the sales lake cannot. */
export interface DescribedTable {
  table: SalesTable;
  /** Names that are not of lower-case letters, digits and underscores; they are in the files all the same. */
  leftOut: string[];
  /** How many items were looked at. */
  items: number;
}

/** One page of a scan. */
const mostItems = 1000;

/**
 * Describes a table for the option `salesTable`: its key and its stream as the table says, its columns as its first
 * items have them. Throws CliError for a table without a stream of new images, else the SDK's error.
 */
export async function describeTable(
  { dynamodb }: { dynamodb: Pick<DynamoDBClient, 'send'> },
  name: string,
): Promise<DescribedTable> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
  const streamArn = streamOf(name, Table);
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: name, Limit: mostItems }));
  const keys = (Table?.KeySchema ?? [])
    .toSorted(({ KeyType: a }) => (a === 'HASH' ? -1 : 1))
    .map(({ AttributeName = '' }) => AttributeName);
  const [partitionKey = ''] = keys;
  const type = Table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === partitionKey)?.AttributeType;
  const found = columnsOf(Items, keys);
  const isUsable = ({ name: column }: { name: string }) => /^[a-z0-9_]+$/.test(column);
  const parsed = salesTableSchema.safeParse({
    tableName: name,
    streamArn,
    partitionKey: { name: partitionKey, type },
    keyColumns: keys.map(columnName),
    columns: found.filter(isUsable),
  });
  if (!parsed.success) {
    throw new CliError(
      `The sales lake cannot take the table ${name}: the names of its keys must be of ASCII letters, digits, - and _, and are ${keys.join(', ')}.`,
    );
  }
  const leftOut = found.filter((column) => !isUsable(column)).map((column) => column.name);
  return { table: parsed.data, leftOut, items: Items.length };
}

function streamOf(name: string, table: TableDescription | undefined): string {
  const { StreamEnabled, StreamViewType } = table?.StreamSpecification ?? {};
  const hasImages = StreamViewType === 'NEW_IMAGE' || StreamViewType === 'NEW_AND_OLD_IMAGES';
  if (StreamEnabled && hasImages && table?.LatestStreamArn !== undefined) return table.LatestStreamArn;
  const state = StreamEnabled ? `a stream of ${StreamViewType}` : 'no stream';
  throw new CliError(
    `The table ${name} has ${state}, but the sales lake needs new images: aws dynamodb update-table --table-name ${name} --stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE`,
  );
}

/** The columns of items as functions/flatten-orders makes them, those of the key first. */
export function columnsOf(
  items: readonly Readonly<Record<string, AttributeValue>>[],
  keys: readonly string[],
): SalesTable['columns'] {
  const types = new Map<string, ColumnType | undefined>(keys.map((key) => [columnName(key), undefined]));
  for (const item of items) {
    const columns = new Columns({}, changeColumnNames);
    const attributes = sorted(wireItem(item));
    const isKey = ([name]: [string, unknown]) => keys.includes(name);
    for (const [name, value] of [...attributes.filter(isKey), ...attributes.filter((each) => !isKey(each))]) {
      flatten(columns, columnName(name), value);
    }
    for (const [name, value] of Object.entries(columns.toRow()))
      types.set(name, common(types.get(name), typeOf(value)));
  }
  const names = [...types.keys()];
  const ordered = [...names.slice(0, keys.length), ...names.slice(keys.length).sort()];
  return ordered.map((name) => ({ name, type: types.get(name) ?? 'string' }));
}

type ColumnType = SalesTable['columns'][number]['type'];

/** Undefined for a value that says nothing. */
function typeOf(value: Json | undefined): ColumnType | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' && Number.isSafeInteger(value) ? 'bigint' : 'string';
}

/** A text holds what two types have in common. */
function common(first: ColumnType | undefined, second: ColumnType | undefined): ColumnType | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return first === second ? first : 'string';
}
