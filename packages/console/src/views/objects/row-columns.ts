import { isJsonObject, type Json } from '@tweet-pipes/kit/json';

/** The most columns that a table has. The chosen row below it shows all members. */
const mostColumns = 40;
/** The most characters that a cell shows. */
const mostCharacters = 200;

/** The members of rows in the order in which they come; `''` for rows that are no objects. */
export function columnsIn(rows: readonly Json[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    if (isJsonObject(row)) for (const name of Object.keys(row)) names.add(name);
    else names.add('');
  }
  return [...names].slice(0, mostColumns);
}

/** A member of a row on one line. */
export function cellText(row: Json, name: string): string {
  const value = isJsonObject(row) ? (Object.hasOwn(row, name) ? row[name] : undefined) : name === '' ? row : undefined;
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
