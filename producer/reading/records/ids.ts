/** The workflow's rule: 1-64 code points that UTF-8 can encode (docs/records.md, "Input records"). */
export function isId(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return false;
  return value.length <= 64 || (value.length <= 128 && [...value].length <= 64);
}
