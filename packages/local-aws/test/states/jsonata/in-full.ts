/** An error as text: JSONata's are objects with a code and what it is about. */
export function errorInFull(error: unknown): string {
  return inFull({ ...Object(error), name: Object(error).name, message: Object(error).message, stack: '' });
}

/** A value as text, with the marks of the library's arrays and the order of members. A function is only named. */
export function inFull(value: unknown, depth = 0): string {
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}${Object.is(value, -0)}`;
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) return 'function';
  if (depth > 30) return 'deep';
  const marks = ['cons', ...Object.keys(value).filter((key) => !/^\d+$/.test(key))];
  const members = (names: string[]) =>
    names.map((name) => `${name}: ${inFull(Reflect.get(value, name), depth + 1)}`).join(', ');
  return Array.isArray(value)
    ? `[${value.map((item) => inFull(item, depth + 1)).join(', ')} | ${members(marks)}]`
    : `{ ${members(Object.keys(value))} }`;
}
