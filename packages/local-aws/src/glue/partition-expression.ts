import { invalidInput } from './errors.ts';

/** Whether a partition's values, by the lower-case name of their key, fit. */
export type PartitionPredicate = (values: ReadonlyMap<string, string>) => boolean;

type Operand = (values: ReadonlyMap<string, string>) => string | number;

/** Hive types whose partition values are compared as numbers. */
const NUMERIC = /^(tinyint|smallint|int|integer|bigint|long|float|double|decimal.*)$/i;
const TOKEN = /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|"([^"]+)"|`([^`]+)`|(<=|>=|<>|!=|[=<>(),]))/y;

interface Token {
  kind: 'text' | 'number' | 'word' | 'name' | 'sign' | 'end';
  text: string;
}

/**
 * Parses the Expression of GetPartitions: comparisons of partition keys with values, AND, OR, NOT, IN, BETWEEN, LIKE.
 * `types` has the Hive type of each key. Throws InvalidInputException for what it cannot parse and unknown keys.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html
 */
export function parsePartitionExpression(text: string, types: ReadonlyMap<string, string>): PartitionPredicate {
  const tokens = tokensOf(text);
  let at = 0;
  const next = (): Token => tokens[at] ?? { kind: 'end', text: '' };
  const fail = (): never => {
    throw invalidInput(`Expression cannot be parsed at "${next().text}": ${text}`);
  };
  const takes = (...wanted: string[]): boolean => {
    const { kind, text: found } = next();
    if ((kind !== 'word' && kind !== 'sign') || !wanted.includes(found.toUpperCase())) return false;
    at += 1;
    return true;
  };
  const expect = (wanted: string): void => void (takes(wanted) || fail());

  const or = (): PartitionPredicate => {
    let left = and();
    while (takes('OR')) {
      const [a, b] = [left, and()];
      left = (values) => a(values) || b(values);
    }
    return left;
  };
  const and = (): PartitionPredicate => {
    let left = not();
    while (takes('AND')) {
      const [a, b] = [left, not()];
      left = (values) => a(values) && b(values);
    }
    return left;
  };
  const not = (): PartitionPredicate => {
    if (takes('NOT')) {
      const inner = not();
      return (values) => !inner(values);
    }
    if (takes('(')) {
      const inner = or();
      expect(')');
      return inner;
    }
    return comparison();
  };
  const comparison = (): PartitionPredicate => {
    const { kind, text: key } = next();
    if (kind !== 'word' && kind !== 'name') return fail();
    at += 1;
    const name = key.toLowerCase();
    const type = types.get(name);
    if (type === undefined) throw invalidInput(`Expression names ${key}, which is no partition key of the table.`);
    const isNumeric = NUMERIC.test(type);
    const left: Operand = (values) => typed(values.get(name) ?? '', isNumeric);
    const literal = (): string | number => {
      const token = next();
      if (token.kind !== 'text' && token.kind !== 'number') return fail();
      at += 1;
      return typed(token.text, isNumeric);
    };
    const isNegated = takes('NOT');
    const keep = (test: PartitionPredicate): PartitionPredicate => (isNegated ? (values) => !test(values) : test);
    if (takes('IN')) {
      expect('(');
      const list = [literal()];
      while (takes(',')) list.push(literal());
      expect(')');
      return keep((values) => list.includes(left(values)));
    }
    if (takes('BETWEEN')) {
      const low = literal();
      expect('AND');
      const high = literal();
      return keep((values) => left(values) >= low && left(values) <= high);
    }
    if (takes('LIKE')) {
      const pattern = likePattern(String(literal()));
      return keep((values) => pattern.test(String(left(values))));
    }
    if (isNegated) return fail();
    if (takes('=')) return compare(left, literal(), (a, b) => a === b);
    if (takes('<>', '!=')) return compare(left, literal(), (a, b) => a !== b);
    if (takes('<=')) return compare(left, literal(), (a, b) => a <= b);
    if (takes('>=')) return compare(left, literal(), (a, b) => a >= b);
    if (takes('<')) return compare(left, literal(), (a, b) => a < b);
    if (takes('>')) return compare(left, literal(), (a, b) => a > b);
    return fail();
  };

  const predicate = or();
  return next().kind === 'end' ? predicate : fail();
}

function compare<T extends string | number>(
  left: Operand,
  right: T,
  test: (a: string | number, b: T) => boolean,
): PartitionPredicate {
  return (values) => test(left(values), right);
}

function typed(text: string, isNumeric: boolean): string | number {
  return isNumeric ? Number(text) : text;
}

function likePattern(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'su');
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let from = 0; text.slice(from).trim() !== ''; from = TOKEN.lastIndex) {
    TOKEN.lastIndex = from;
    const match = TOKEN.exec(text);
    if (match === null) throw invalidInput(`Expression cannot be parsed at "${text.slice(from)}".`);
    const [, quoted, number, word, name, tick, sign] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.slice(1, -1).replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (name !== undefined || tick !== undefined) tokens.push({ kind: 'name', text: name ?? tick ?? '' });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}
