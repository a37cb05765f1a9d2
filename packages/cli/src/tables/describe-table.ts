import { type AttributeValue, type DynamoDBClient, ScanCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import type { Json } from '@tweet-pipes/kit/json';
import { changeColumnNames, type SalesTable, salesTableSchema } from '@tweet-pipes/kit/orders/sales-table';
import { findTable } from './find-table.ts';
import { itemColumns, keyAttributes } from './item-columns.ts';

/** A table, and columns that its items have but the sales lake cannot. */
export interface DescribedTable {
  table: SalesTable;
  /** Names that are not of lower-case letters, digits and underscores; they are in the files all the same. */
  leftOut: string[];
  /** Why columns are text, and which attributes have a column of another name: sentences for people. */
  notes: string[];
  /** How many items were looked at. */
  items: number;
}

/** One page of a scan. */
const mostItems = 1000;

/**
 * Describes a table for the option `salesTable`: its key and its stream as the table says, its columns as its first
 * items have them. Throws CliError for a table that is not there or has no stream of new images, else the SDK's error.
 */
export async function describeTable(
  { dynamodb }: { dynamodb: Pick<DynamoDBClient, 'send'> },
  name: string,
): Promise<DescribedTable> {
  const Table = await findTable({ dynamodb }, name);
  const streamArn = streamOf(name, Table);
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: name, Limit: mostItems }));
  const keys = keyAttributes(Table);
  const [partitionKey = ''] = keys;
  const type = Table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === partitionKey)?.AttributeType;
  const found = columnsOf(Items, keys);
  const isUsable = ({ name: column }: { name: string }) => /^[a-z0-9_]+$/.test(column);
  const parsed = salesTableSchema.safeParse({
    tableName: name,
    streamArn,
    partitionKey: { name: partitionKey, type },
    keyColumns: keys.map(columnName),
    columns: found.filter(isUsable).map(({ name: column, type: ofColumn }) => ({ name: column, type: ofColumn })),
  });
  if (!parsed.success) {
    throw new CliError(
      `The sales lake cannot take the table ${name}: the names of its keys must be of ASCII letters, digits, - and _, and are ${keys.join(', ')}.`,
    );
  }
  const leftOut = found.filter((column) => !isUsable(column)).map((column) => column.name);
  const notes = found
    .filter(isUsable)
    .flatMap(({ name: column, note }) => (note === undefined ? [] : [`${column} ${note}.`]));
  return { table: parsed.data, leftOut, notes, items: Items.length };
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

/** A column, and why it is text or has not the name of its attribute. */
export interface FoundColumn {
  name: string;
  type: ColumnType;
  note?: string;
}

/** The columns of items as functions/flatten-orders makes them, those of the key first. */
export function columnsOf(
  items: readonly Readonly<Record<string, AttributeValue>>[],
  keys: readonly string[],
): FoundColumn[] {
  const kinds = new Map<string, Set<ValueKind>>(keys.map((key) => [columnName(key), new Set()]));
  for (const item of items) {
    for (const [name, value] of Object.entries(itemColumns(item, (attribute) => keys.includes(attribute)))) {
      const kind = kindOf(value);
      const known = kinds.get(name) ?? new Set();
      kinds.set(name, kind === undefined ? known : known.add(kind));
    }
  }
  const names = [...kinds.keys()];
  const ordered = [...names.slice(0, keys.length), ...names.slice(keys.length).sort()];
  return ordered.map((name) => columnOf(name, [...(kinds.get(name) ?? [])].sort()));
}

type ColumnType = SalesTable['columns'][number]['type'];

/** What a column holds, in words. */
type ValueKind = 'lists or objects' | 'other numbers' | 'texts' | 'truth values' | 'whole numbers';

/** The types of columns that all hold one kind of values; a column of several kinds is a text. */
const types: Partial<Record<ValueKind, ColumnType>> = { 'truth values': 'boolean', 'whole numbers': 'bigint' };

function columnOf(name: string, kinds: readonly ValueKind[]): FoundColumn {
  const [first] = kinds;
  const type = (kinds.length === 1 && first !== undefined && types[first]) || 'string';
  const notes = [
    ...(type === 'string' && first === undefined ? ['is text, since no item has a value'] : []),
    ...(type === 'string' && kinds.some((kind) => kind !== 'texts') ? [`is text, since it holds ${and(kinds)}`] : []),
    ...(isRenamed(name) ? [`holds the attribute ${name.slice(0, -2)}, since the lake has a column of that name`] : []),
  ];
  return { name, type, ...(notes.length > 0 && { note: notes.join('; it ') }) };
}

/** Undefined for a value that says nothing. */
function kindOf(value: Json | undefined): ValueKind | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return 'truth values';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'whole numbers' : 'other numbers';
  return typeof value === 'string' ? 'texts' : 'lists or objects';
}

/** Whether a column that describes the change itself has the name of the attribute. */
function isRenamed(name: string): boolean {
  return changeColumnNames.some((taken) => name === `${taken}_2`);
}

function and(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' and ');
}
