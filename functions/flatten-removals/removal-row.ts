import type { JsonObject } from '@tweet-pipes/kit/json';
import * as z from 'zod';
import { flatten, sorted } from './attribute-value.ts';
import { columnName } from './column-name.ts';
import { Columns } from './columns.ts';
import type { Configuration } from './configuration.ts';
import { MalformedAttributeError, UnknownTableError } from './errors.ts';
import { cause, type RemovalEvent, removedAt, tableName } from './removal-event.ts';
import { watermark } from './watermark.ts';

/** Columns that only some rows have, and that no attribute may take in the others. */
const reservedColumns = ['watermarks', 'error', 'error_message', 'raw_event', 'row_gzip'] as const;

/**
 * Attributes besides the keys and `record` that say nothing of what a tweet said; an attribute that is not listed
 * counts as content.
 */
const attributesWithoutContent: ReadonlySet<string> = new Set(['expiresAt', 'htCount', 'updatedAt']);

const text = z.strictObject({ S: z.string() });

/**
 * The archive row of a removal: what happened first, then the keys, then the attributes of the old image
 * (docs/records.md, "Archive rows"). Throws UnknownTableError for a table without a label and MalformedAttributeError
 * for what is no attribute value.
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
    const sequence = watermark(attribute, value);
    if (sequence !== undefined) watermarks.push([attribute, sequence]);
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
