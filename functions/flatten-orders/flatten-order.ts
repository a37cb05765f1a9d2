import { parseBody } from '@tweet-pipes/kit/parse-body';
import type { Flattened } from '../transformation/transform-records.ts';
import type { SourceRecord } from '../transformation/transformation-event.ts';
import { changeEvent } from './change-event.ts';
import type { ColumnTypes } from './fit-columns.ts';
import { orderRow } from './order-row.ts';

/**
 * The row of a change of an order. The reason of a record that is none: `not-json`, or `not-a-change` with the fields
 * that are wrong.
 */
export function flattenOrder({ data }: SourceRecord, types: ColumnTypes): Flattened {
  const body = parseBody(Buffer.from(data, 'base64'));
  if (body === undefined) return { reason: 'not-json' };
  const parsed = changeEvent.safeParse(body.value);
  if (parsed.success) return { row: orderRow(parsed.data, types) };
  const wrong = parsed.error.issues.map(({ path }) => path.join('.')).filter((path) => path !== '');
  return { reason: ['not-a-change', ...(wrong.length > 0 ? [wrong.join(', ')] : [])].join(': ') };
}
