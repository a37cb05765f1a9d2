import { hasAtMost, recordBounds } from '@tweet-pipes/kit/record-bounds';

/** The workflow's rule: 1-64 code points that UTF-8 can encode (docs/records.md, "Input records"). */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && hasAtMost(value, recordBounds.idLength);
}
