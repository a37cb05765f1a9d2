import { z } from 'zod';
import type { TableColumn } from '../engine/messages.ts';
import { QueryError } from '../sql/query-error.ts';

const view = z.looseObject({
  originalSql: z.string(),
  catalog: z.string().optional(),
  schema: z.string().optional(),
  columns: z.array(z.looseObject({ name: z.string(), type: z.string() })).optional(),
});

/** A view as Athena keeps it. */
export interface ViewText {
  sql: string;
  /** The database of names without one. */
  database: string | undefined;
  columns: TableColumn[];
}

/**
 * Reads ViewOriginalText of a view's table: `/* Presto View: <base64 of JSON> *\/`. Throws INVALID_VIEW for any other
 * text. https://docs.aws.amazon.com/athena/latest/ug/views.html
 */
export function parseViewText(text: string | undefined, name: string): ViewText {
  const encoded = /^\/\* (?:Presto|Trino) View: ([A-Za-z0-9+/=\s]+) \*\/$/.exec(text ?? '')?.[1];
  let json: unknown;
  try {
    json = encoded === undefined ? undefined : JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    json = undefined;
  }
  const parsed = view.safeParse(json);
  if (!parsed.success) {
    throw new QueryError('INVALID_VIEW', `View '${name}' has no ViewOriginalText in the form /* Presto View: … */`);
  }
  const { originalSql, schema, columns = [] } = parsed.data;
  return { sql: originalSql, database: schema?.toLowerCase(), columns: columns.map((each) => ({ ...each })) };
}
