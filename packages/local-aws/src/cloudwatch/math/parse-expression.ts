import { validationError } from '../errors.ts';

/** The operators, each level binding stronger than the one before. */
export const operatorLevels = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
] as const;

export type Operator = (typeof operatorLevels)[number][number];

/** A part of an expression of metric math. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly elements: readonly Expression[] }
  | { readonly kind: 'minus'; readonly operand: Expression }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

const MOST_CHARACTERS = 2_048;
const token =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|("[^"]*"|'[^']*')|(==|!=|<=|>=|&&|\|\||[-+*/^<>(),[\]]))/y;

/**
 * Parses an expression of metric math. Throws ValidationError that names what is wrong.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseExpression(text: string): Expression {
  if (text.length > MOST_CHARACTERS) {
    throw validationError(`An expression may have at most ${MOST_CHARACTERS} characters.`);
  }
  if (/^\s*SELECT\b/i.test(text)) {
    throw validationError('Metrics Insights queries (SELECT) are not supported by the local endpoint.');
  }
  const parser = new Parser(text, tokens(text));
  const expression = parser.expression();
  parser.end();
  return expression;
}

/** The ids that an expression names. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return [];
    case 'name':
      return [expression.name];
    case 'list':
      return expression.elements.flatMap(namesIn);
    case 'minus':
      return namesIn(expression.operand);
    case 'operation':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'call':
      return expression.args.flatMap(namesIn);
  }
}

function tokens(expression: string): string[] {
  const found: string[] = [];
  const text = expression.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw validationError(`Error in expression "${expression}": '${text.slice(at)}' is not known.`);
    found.push(match[0].trim());
  }
  return found;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string, tokens: readonly string[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  end(): void {
    const left = this.#tokens[this.#position];
    if (left !== undefined) throw this.#error(`'${left}' was not expected`);
  }

  expression(level = 0): Expression {
    const operators: readonly Operator[] | undefined = operatorLevels[level];
    if (operators === undefined) return this.#operand();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = operators.find((known) => known === this.#tokens[this.#position]);
      if (operator === undefined) return left;
      this.#next();
      left = { kind: 'operation', operator, left, right: this.expression(level + 1) };
    }
  }

  #operand(): Expression {
    const next = this.#next();
    if (next === '-') return { kind: 'minus', operand: this.#operand() };
    if (next === '(') {
      const inner = this.expression();
      this.#expect(')');
      return inner;
    }
    if (next === '[') return { kind: 'list', elements: this.#elements(']') };
    if (/^[\d.]/.test(next)) return { kind: 'number', value: Number(next) };
    if (/^["']/.test(next)) return { kind: 'text', value: next.slice(1, -1) };
    if (!/^[A-Za-z]/.test(next)) throw this.#error(`'${next}' was not expected`);
    if (this.#tokens[this.#position] !== '(') return { kind: 'name', name: next };
    this.#next();
    return { kind: 'call', name: next, args: this.#elements(')') };
  }

  #elements(closing: ')' | ']'): Expression[] {
    const elements: Expression[] = [];
    if (this.#tokens[this.#position] === closing) {
      this.#next();
      return elements;
    }
    for (;;) {
      elements.push(this.expression());
      const next = this.#next();
      if (next === closing) return elements;
      if (next !== ',') throw this.#error(`',' or '${closing}' was expected instead of '${next}'`);
    }
  }

  #expect(expected: string): void {
    const found = this.#next();
    if (found !== expected) throw this.#error(`'${expected}' was expected instead of '${found}'`);
  }

  #next(): string {
    const next = this.#tokens[this.#position];
    if (next === undefined) throw this.#error('more was expected at its end');
    this.#position += 1;
    return next;
  }

  #error(problem: string): Error {
    return validationError(`Error in expression "${this.#text}": ${problem}.`);
  }
}
