import { flatten, sorted } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { Columns } from '@tweet-pipes/kit/dynamodb-json/columns';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { isHighWaterMark } from '@tweet-pipes/kit/position';
import * as z from 'zod';
import type { Configuration } from './configuration.ts';
import { MalformedAttributeError, UnknownTableError } from './errors.ts';
import { cause, type RemovalEvent, removedAt, tableName } from './removal-event.ts';

/** Columns that only some rows have. No attribute becomes a column of such a name, in any row. */
const reservedColumns = ['watermarks', 'error', 'error_message', 'raw_event', 'row_gzip'] as const;

/**
 * Attributes that are not content, besides the keys and `record`. Any other attribute counts as content of a tweet.
 */
const attributesWithoutContent: ReadonlySet<string> = new Set(['expiresAt', 'htCount', 'updatedAt']);

const text = z.strictObject({ S: z.string() });

/**
 * The archive row of a removal: first the event, then the keys, then the attributes of the old image, and last the
 * high-water marks of a counter in one column (docs/records.md, "Archive rows"). Throws UnknownTableError for a table
 * without a label and MalformedAttributeError for a value that is not DynamoDB JSON.
 */
export function removalRow(event: RemovalEvent, configuration: Configuration): JsonObject {
  const keys = event.dynamodb.Keys;
  const image = event.dynamodb.OldImage ?? {};
  const record = text.safeParse(image.record).data?.S;
  const columns = new Columns(
    {
      event_id: event.eventID,
      table: label(event, configuration),
      record: record ?? null,
      removed_at: removedAt(event),
      cause: cause(event),
    },
    reservedColumns,
  );
  for (const [attribute, value] of sorted(keys)) addAttribute(columns, attribute, value);

  const watermarks: [string, string][] = [];
  for (const [attribute, value] of sorted(image)) {
    if (Object.hasOwn(keys, attribute) || (attribute === 'record' && record !== undefined)) continue;
    const mark = text.safeParse(value).data?.S;
    if (isHighWaterMark(attribute, mark)) watermarks.push([attribute, mark]);
    else if (configuration.archiveContent === 'full' || attributesWithoutContent.has(attribute)) {
      addAttribute(columns, attribute, value);
    }
  }
  const row = columns.toRow();
  return watermarks.length === 0 ? row : { ...row, watermarks: Object.fromEntries(watermarks) };
}

function addAttribute(columns: Columns, attribute: string, value: unknown): void {
  try {
    flatten(columns, columnName(attribute), value);
  } catch (error) {
    const problem =
      error instanceof z.ZodError ? error.issues[0]?.message : error instanceof Error ? error.message : String(error);
    throw new MalformedAttributeError(`${attribute}: ${problem}`, { cause: error });
  }
}

function label(event: RemovalEvent, { tableLabels }: Configuration): string {
  const table = tableLabels.get(tableName(event.eventSourceARN) ?? '');
  if (table === undefined) throw new UnknownTableError(`TABLE_LABELS has no label for ${event.eventSourceARN}`);
  return table;
}
