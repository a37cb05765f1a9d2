import { flatten, sorted } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { Columns } from '@tweet-pipes/kit/dynamodb-json/columns';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { formatTimestamp } from '@tweet-pipes/kit/lake-timestamp';
import { changeColumnNames } from '@tweet-pipes/kit/orders/sales-table';
import type { ChangeEvent } from './change-event.ts';
import { type ColumnTypes, fitColumns } from './fit-columns.ts';

/** Most digits of a sequence number of DynamoDB. */
const sequenceDigits = 40;

/**
 * The row of a change (docs/sales.md, "Columns"): the keys, the other attributes of the new image, and the change. The
 * sequence number is padded, so that its order as text is that of the stream. Throws for an attribute that is not
 * DynamoDB JSON.
 */
export function orderRow({ eventName, dynamodb }: ChangeEvent, types: ColumnTypes): JsonObject {
  const { Keys: keys, NewImage: image, ApproximateCreationDateTime: seconds, SequenceNumber: sequence } = dynamodb;
  const columns = new Columns({}, changeColumnNames);
  for (const [attribute, value] of sorted(keys)) flatten(columns, columnName(attribute), value);
  for (const [attribute, value] of sorted(image ?? {})) {
    if (!Object.hasOwn(keys, attribute)) flatten(columns, columnName(attribute), value);
  }
  return {
    ...fitColumns(columns.toRow(), types),
    change: changeNames[eventName],
    sequence: sequence.padStart(sequenceDigits, '0'),
    ...(typeof seconds === 'number' ? { changed_at: formatTimestamp(Math.floor(seconds * 1000)) } : {}),
    deleted: eventName === 'REMOVE',
  };
}

const changeNames = { INSERT: 'insert', MODIFY: 'modify', REMOVE: 'remove' } as const;
