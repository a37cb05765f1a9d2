import type { AttributeValue, TableDescription } from '@aws-sdk/client-dynamodb';
import { flatten, sorted } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { Columns } from '@tweet-pipes/kit/dynamodb-json/columns';
import { wireItem } from '@tweet-pipes/kit/dynamodb-json/wire-item';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { changeColumnNames } from '@tweet-pipes/kit/orders/sales-table';

/** The attributes of a table's key, that of the partition first. */
export function keyAttributes(table: TableDescription | undefined): string[] {
  return (table?.KeySchema ?? [])
    .toSorted(({ KeyType }) => (KeyType === 'HASH' ? -1 : 1))
    .map(({ AttributeName = '' }) => AttributeName);
}

/** The columns of an item as functions/flatten-orders names them: those of the key first. */
export function itemColumns(
  item: Readonly<Record<string, AttributeValue>>,
  isKey: (attribute: string) => boolean,
): JsonObject {
  const columns = new Columns({}, changeColumnNames);
  const { keys = [], others = [] } = Object.groupBy(sorted(wireItem(item)), ([name]) =>
    isKey(name) ? 'keys' : 'others',
  );
  for (const [name, value] of [...keys, ...others]) flatten(columns, columnName(name), value);
  return columns.toRow();
}
