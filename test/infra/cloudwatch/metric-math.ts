/** A metric or a result over time, one value a period; undefined where there is no data point. */
export type Series = readonly (number | undefined)[];

type Value = number | Series;
type Binary = (left: number, right: number) => number | undefined;
type Scope = ReadonlyMap<string, Series>;
type Expression = (scope: Scope) => Value;

/** An expression that this evaluator does not know, or that CloudWatch would refuse. */
class MetricMathError extends Error {
  override readonly name = 'MetricMathError';
}

/** From the weakest to the strongest binding. A division by zero drops the data point. */
const operators: readonly Readonly<Record<string, Binary>>[] = [
  { OR: (a, b) => Number(a !== 0 || b !== 0), '||': (a, b) => Number(a !== 0 || b !== 0) },
  { AND: (a, b) => Number(a !== 0 && b !== 0), '&&': (a, b) => Number(a !== 0 && b !== 0) },
  {
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? undefined : a / b) },
];

const functions: Readonly<Record<string, (args: readonly Value[]) => Value>> = { FILL: fill, IF: choose };

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/<>(),]))/y;

/**
 * The series that an expression of metric math gives for metrics by their ids. It knows numbers, ids, `+ - * /`,
 * comparisons, `AND`, `OR`, `IF` and `FILL` with a number. Throws MetricMathError for anything else, and for a result
 * that is a number.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateMetricMath(expression: string, metrics: Scope): Series {
  const parser = new Parser(tokens(expression));
  const value = parser.expression()(metrics);
  if (!parser.atEnd) throw new MetricMathError(`'${parser.next()}' was not expected in ${expression}`);
  if (typeof value === 'number') throw new MetricMathError(`${expression} gives a number, not a time series`);
  return value;
}

function tokens(expression: string): string[] {
  const found: string[] = [];
  const text = expression.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new MetricMathError(`'${text.slice(at)}' is not known in ${expression}`);
    found.push(match[0].trim());
  }
  return found;
}

class Parser {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#position === this.#tokens.length;
  }

  next(): string {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw new MetricMathError(`more was expected after ${this.#tokens.join(' ')}`);
    this.#position += 1;
    return token;
  }

  expression(strength = 0): Expression {
    const known = operators[strength];
    if (known === undefined) return this.#operand();
    let left = this.expression(strength + 1);
    for (;;) {
      const apply = known[this.#tokens[this.#position] ?? ''];
      if (apply === undefined) return left;
      this.next();
      const [before, right] = [left, this.expression(strength + 1)];
      left = (scope) => combine(before(scope), right(scope), apply);
    }
  }

  #operand(): Expression {
    const token = this.next();
    if (token === '(') {
      const inner = this.expression();
      this.#expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (this.#tokens[this.#position] === '(') return this.#call(token);
    return (scope) => {
      const metric = scope.get(token);
      if (metric === undefined) throw new MetricMathError(`there is no metric '${token}'`);
      return metric;
    };
  }

  #call(name: string): Expression {
    const apply = functions[name];
    if (apply === undefined) throw new MetricMathError(`the function ${name} is not evaluated`);
    const args: Expression[] = [];
    do {
      this.next();
      args.push(this.expression());
    } while (this.#tokens[this.#position] === ',');
    this.#expect(')');
    return (scope) => apply(args.map((argument) => argument(scope)));
  }

  #expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new MetricMathError(`'${token}' was expected instead of '${found}'`);
  }
}

/** Between two series a missing value counts as 0; where both miss, or one beside a number, there is no data point. */
function combine(left: Value, right: Value, apply: Binary): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = apply(left, right);
    if (result === undefined) throw new MetricMathError('a number is divided by zero');
    return result;
  }
  if (typeof left === 'number') return mapped(right, (value) => apply(left, value));
  if (typeof right === 'number') return mapped(left, (value) => apply(value, right));
  return left.map((value, index) => {
    const other = right[index];
    return value === undefined && other === undefined ? undefined : apply(value ?? 0, other ?? 0);
  });
}

function mapped(value: Value, apply: (value: number) => number | undefined): Series {
  return seriesOf(value, 'a number').map((point) => (point === undefined ? undefined : apply(point)));
}

/** `FILL(series, number)`. */
function fill([series, filler, ...others]: readonly Value[]): Value {
  if (typeof filler !== 'number' || others.length > 0) {
    throw new MetricMathError('FILL is evaluated with a series and a number');
  }
  return seriesOf(series, 'FILL').map((point) => point ?? filler);
}

/**
 * `IF(condition, then[, else])` with a series as the condition. Where it has no data point, and where the chosen branch
 * is `else` and has none, the result has none; a missing `then` counts as 0.
 */
function choose([condition, whenTrue, whenFalse, ...others]: readonly Value[]): Value {
  if (whenTrue === undefined || others.length > 0) throw new MetricMathError('IF takes two or three arguments');
  const at = (value: Value | undefined, index: number) => (typeof value === 'number' ? value : value?.[index]);
  return seriesOf(condition, 'IF').map((holds, index) => {
    if (holds === undefined) return undefined;
    return holds === 0 ? at(whenFalse, index) : (at(whenTrue, index) ?? 0);
  });
}

function seriesOf(value: Value | undefined, by: string): Series {
  if (value === undefined || typeof value === 'number') throw new MetricMathError(`${by} needs a time series`);
  return value;
}
