/** A number as it was written, so that none is rounded. */
export class NumberText {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A value of JSON whose numbers are as they were written. */
export type JsonValue =
  | string
  | boolean
  | null
  | NumberText
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The parser of ECMAScript, which also gives a reviver the source of a number. */
const parse: (
  text: string,
  revive: (key: string, value: unknown, context?: { source?: string }) => unknown,
) => JsonValue = JSON.parse;

/** Parses one document. Throws SyntaxError. */
export function parseJson(text: string): JsonValue {
  return parse(text, (_, value, context) =>
    typeof value === 'number' ? new NumberText(context?.source ?? '') : value,
  );
}

/** Whether a value is an object of JSON. */
export function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
}

/** The text of a value. `nameOf` gives the keys. */
export function jsonText(value: JsonValue, nameOf: (key: string) => string): string {
  if (value instanceof NumberText) return value.source;
  if (Array.isArray(value)) return `[${value.map((each) => jsonText(each, nameOf)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(nameOf(key))}:${jsonText(each, nameOf)}`,
  );
  return `{${members.join(',')}}`;
}

/** The documents of a record: `{…}{…}` are two. What begins otherwise is one. */
export function documentsOf(text: string): string[] {
  const documents: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth > 0 || character === ']') continue;
      documents.push(text.slice(start, at + 1));
      start = at + 1;
      depth = 0;
    }
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? documents : [...documents, rest];
}

/** The place of the quote that ends a text, or the end. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
