import { QueryError } from './query-error.ts';

/**
 * A path of Trino's JSON functions in DuckDB's words: members by `.name` or `["name"]`, elements by `[0]`. Throws
 * NOT_SUPPORTED for wildcards, filters and what is no path.
 */
export function jsonPath(path: string): string {
  const trimmed = path.trim();
  const steps = trimmed.startsWith('$') ? trimmed.slice(1) : `.${trimmed}`;
  let translated = '$';
  const step = /\.([^.[\]"*\s]+)|\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\]|\[(\d+)\]|\."([^"]*)"/y;
  for (let at = 0; at < steps.length; at = step.lastIndex) {
    step.lastIndex = at;
    const match = step.exec(steps);
    if (match === null) {
      throw new QueryError('NOT_SUPPORTED', `the JSON path ${path} is not supported by the local Athena`);
    }
    const [, dotted, quoted, single, index, member] = match;
    translated += index === undefined ? `."${dotted ?? quoted ?? single ?? member ?? ''}"` : `[${index}]`;
  }
  return translated;
}
