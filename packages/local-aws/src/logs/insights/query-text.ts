import { AwsError } from '../../gateway/aws-error.ts';

/** A part of a query. `text` is its content: that of a string without quotes and escapes. */
export interface Token {
  readonly kind: 'word' | 'quoted field' | 'string' | 'regex' | 'number' | 'symbol' | 'end';
  readonly text: string;
  /** Where it begins, from 1. */
  readonly at: number;
}

const TOKEN =
  /\s+|#[^\n]*|(?<word>[@\p{L}_][\p{L}\p{N}_.@]*)|`(?<field>[^`]+)`|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|\/(?<regex>(?:[^/\\\n]|\\.)+)\/(?<flags>[a-z]*)|(?<number>-?\d+(?:\.\d+)?)|(?<symbol>!=|<=|>=|=~|[=<>|,()[\]*])/uy;

/** Not retryable. */
export function malformedQuery(message: string): AwsError {
  return new AwsError('MalformedQueryException', message);
}

/** The tokens of a query, to be taken from left to right. Throws MalformedQueryException. */
export class QueryText {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(query: string) {
    this.#tokens = tokensOf(query);
  }

  get next(): Token {
    return this.#tokens[this.#index] ?? { kind: 'end', text: '', at: 0 };
  }

  take(): Token {
    const { next } = this;
    this.#index += 1;
    return next;
  }

  /** Takes a symbol or a word, in any case of letters. False: another one is next. */
  takeIf(text: string): boolean {
    const { kind, text: found } = this.next;
    const isIt = (kind === 'symbol' && found === text) || (kind === 'word' && found.toLowerCase() === text);
    if (isIt) this.#index += 1;
    return isIt;
  }

  expect(text: string): void {
    if (!this.takeIf(text)) this.fail(text);
  }

  /** Takes the name of a field. */
  takeField(): string {
    const { kind, text } = this.next;
    if (kind !== 'word' && kind !== 'quoted field') this.fail('a field');
    this.#index += 1;
    return text;
  }

  /** Takes items between commas. */
  takeList<T>(takeItem: () => T): T[] {
    const items = [takeItem()];
    while (this.takeIf(',')) items.push(takeItem());
    return items;
  }

  fail(expected: string): never {
    const { kind, text, at } = this.next;
    const found = kind === 'end' ? 'its end' : JSON.stringify(text);
    throw malformedQuery(`Expected ${expected} at character ${at}, found ${found}.`);
  }
}

function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 1; at <= query.length; at = TOKEN.lastIndex + 1) {
    const found = TOKEN.exec(query);
    if (found === null) {
      throw malformedQuery(
        `Unexpected ${JSON.stringify(query[at - 1])} at character ${at}. The local CloudWatch Logs knows no arithmetic in queries.`,
      );
    }
    const { word, field, double, single, regex, flags = '', number, symbol } = found.groups ?? {};
    const text = (kind: Token['kind'], content: string): void => void tokens.push({ kind, text: content, at });
    if (word !== undefined) text('word', word);
    else if (field !== undefined) text('quoted field', field);
    else if (double !== undefined || single !== undefined) text('string', unescaped(double ?? single ?? ''));
    else if (regex !== undefined) text('regex', `${flags === '' ? '' : `(?${flags})`}${regex.replaceAll('\\/', '/')}`);
    else if (number !== undefined) text('number', number);
    else if (symbol !== undefined) text('symbol', symbol);
  }
  tokens.push({ kind: 'end', text: '', at: query.length + 1 });
  return tokens;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
