import { type Place, QueryError } from './query-error.ts';

/** A word, sign, literal or quoted name of a query. Offsets are in characters of its text. */
export interface Token {
  kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'parameter';
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_][\w@$]*)|(?<parameter>\?)|(?<sign>->|=>|<>|<=|>=|!=|\|\||[-+*/%=<>(),.;[\]:{}|@])/y;

/** Splits a query into tokens, without white space and comments. Throws SYNTAX_ERROR with the place of what is none. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(sql);
    if (match?.groups === undefined) {
      throw new QueryError('SYNTAX_ERROR', `mismatched input '${sql.slice(at, at + 10)}'`, placeOf(sql, at));
    }
    const { space: _, ...kinds } = match.groups;
    for (const [kind, text] of Object.entries(kinds)) {
      if (text !== undefined) tokens.push({ kind: kindOf(kind), text, start: at, end: TOKEN.lastIndex });
    }
  }
  return tokens;
}

/** Line and column of an offset. */
export function placeOf(sql: string, offset: number): Place {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The place where a name first stands in a query, quoted or not. */
export function placeOfName(sql: string, name: string): Place | undefined {
  const wanted = name.toLowerCase();
  const found = tokensOf(sql).find(
    ({ kind, text }) =>
      (kind === 'word' && text.toLowerCase() === wanted) ||
      (kind === 'name' && text.slice(1, -1).replaceAll('""', '"').toLowerCase() === wanted),
  );
  return found && placeOf(sql, found.start);
}

function kindOf(group: string): Token['kind'] {
  switch (group) {
    case 'word':
    case 'name':
    case 'text':
    case 'number':
    case 'parameter':
      return group;
    default:
      return 'sign';
  }
}
