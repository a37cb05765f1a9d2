import { parseJson } from '@tweet-pipes/kit/json';
import * as z from 'zod';
import type { ColumnTypes } from './fit-columns.ts';

const columnTypes = z.record(z.string().min(1), z.enum(['bigint', 'boolean']));

/**
 * Reads `COLUMN_TYPES` from the environment: a JSON object from column to `bigint` or `boolean`. Throws an Error that
 * names the variable, so that a wrong deployment fails at its first start.
 */
export function readColumnTypes({ COLUMN_TYPES: text }: Readonly<Record<string, string | undefined>>): ColumnTypes {
  const parsed = columnTypes.safeParse(text === undefined ? undefined : parseJson(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const given = text === undefined ? 'not set' : JSON.stringify(text);
  throw new Error(`COLUMN_TYPES must be a JSON object such as {"quantity":"bigint"}, but is ${given}.`);
}
