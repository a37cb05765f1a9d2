import { validationError } from '../errors.ts';
import { type Grid, isList, type Points, type Series, type Value } from './values.ts';

/** An argument of a function: a value, or the name `REPEAT` or `LINEAR` of FILL. */
export type Argument = Value | { readonly text: string };

/** What a function knows besides its arguments. */
export interface MathContext {
  readonly grid: Grid;
  /** The metrics of the request, without its expressions; with a text, those whose label contains it. */
  metrics(containing?: string): readonly Series[];
}

type MathFunction = (args: readonly Argument[], context: MathContext) => Value;

/**
 * The functions of metric math that the local endpoint has.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
 */
const functions: Readonly<Record<string, MathFunction>> = {
  ABS: pointwise('ABS', Math.abs),
  CEIL: pointwise('CEIL', Math.ceil),
  FLOOR: pointwise('FLOOR', Math.floor),
  LOG: pointwise('LOG', (value) => finite(Math.log(value))),
  LOG10: pointwise('LOG10', (value) => finite(Math.log10(value))),
  AVG: summary('AVG', mean),
  MAX: summary('MAX', (values) => Math.max(...values)),
  MIN: summary('MIN', (values) => Math.min(...values)),
  SUM: summary('SUM', total),
  STDDEV: summary('STDDEV', deviation),
  DATAPOINT_COUNT: ([value]) =>
    each(seriesOrList(value, 'DATAPOINT_COUNT'), (points) => points.map(() => present(points).length)),
  DIFF: ([value]) => each(seriesOrList(value, 'DIFF'), (points) => steps(points, (now, before) => now - before)),
  DIFF_TIME: ([value], { grid: { periodSeconds } }) =>
    each(seriesOrList(value, 'DIFF_TIME'), (points) =>
      steps(points, (_now, _before, periods) => periods * periodSeconds),
    ),
  RATE: ([value], { grid: { periodSeconds } }) =>
    each(seriesOrList(value, 'RATE'), (points) =>
      steps(points, (now, before, periods) => (now - before) / (periods * periodSeconds)),
    ),
  RUNNING_SUM: ([value]) => each(seriesOrList(value, 'RUNNING_SUM'), runningSum),
  FILL: fill,
  FIRST: ([value]) => listOf(value, 'FIRST')[0] ?? empty,
  LAST: ([value]) => listOf(value, 'LAST').at(-1) ?? empty,
  IF: choose,
  METRICS: (args, { metrics }) => metrics(textOf(args[0])),
  METRIC_COUNT: ([value]) => listOf(value, 'METRIC_COUNT').length,
  PERIOD: (_args, { grid: { periodSeconds } }) => periodSeconds,
  REMOVE_EMPTY: ([value]) => listOf(value, 'REMOVE_EMPTY').filter(({ points }) => present(points).length > 0),
  TIME_SERIES: ([value], { grid }) => ({
    label: 'TIME_SERIES',
    points: Array.from({ length: grid.count }, () => numberOf(value, 'TIME_SERIES')),
  }),
  EPOCH: ofTime((timeMs) => timeMs / 1000),
  MINUTE: ofTime((timeMs) => new Date(timeMs).getUTCMinutes()),
  HOUR: ofTime((timeMs) => new Date(timeMs).getUTCHours()),
  DAY: ofTime((timeMs) => new Date(timeMs).getUTCDay() || 7),
  DATE: ofTime((timeMs) => new Date(timeMs).getUTCDate()),
  MONTH: ofTime((timeMs) => new Date(timeMs).getUTCMonth() + 1),
  YEAR: ofTime((timeMs) => new Date(timeMs).getUTCFullYear()),
};

const empty: Series = { label: '', points: [] };

/** Throws ValidationError for a function that the local endpoint does not have. */
export function mathFunction(name: string): MathFunction {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known !== undefined) return known;
  throw validationError(
    `The function ${name} of metric math is not supported by the local endpoint; docs/feature-support.md lists what is.`,
  );
}

/** Applies a function to each data point of a value. */
export function mapPoints(value: Value, apply: (point: number) => number | undefined): Value {
  if (typeof value !== 'number') {
    return each(value, (points) => points.map((point) => (point === undefined ? undefined : apply(point))));
  }
  const result = apply(value);
  if (result === undefined) throw validationError('A number of the expression cannot be computed, such as 1 / 0.');
  return result;
}

function pointwise(name: string, apply: (point: number) => number | undefined): MathFunction {
  return ([value]) => mapPoints(checkedValue(value, name), apply);
}

/** Of one time series a number, of several a time series: point by point, over those that have one. */
function summary(name: string, summarize: (values: readonly number[]) => number): MathFunction {
  return (args, { grid }) => {
    const values = args.map((argument) => checkedValue(argument, name));
    const [only] = values;
    if (values.length === 1 && only !== undefined && typeof only !== 'number' && !isList(only)) {
      const points = present(only.points);
      return points.length === 0 ? { ...only, points: [] } : summarize(points);
    }
    const all = values.flatMap((value) => (typeof value === 'number' ? constant(value, grid) : value));
    return {
      label: name,
      points: Array.from({ length: grid.count }, (_, index) => {
        const points = present(all.map(({ points }) => points[index]));
        return points.length === 0 ? undefined : summarize(points);
      }),
    };
  };
}

/** `FILL(series, number | series | REPEAT | LINEAR)`. */
function fill([value, filler]: readonly Argument[], { grid }: MathContext): Value {
  const text = textOf(filler);
  const filled = (points: Points): Points => {
    const all = Array.from({ length: grid.count }, (_, index) => points[index]);
    if (text === 'REPEAT') return repeated(all);
    if (text === 'LINEAR') return interpolated(all);
    const other = checkedValue(filler, 'FILL');
    if (isList(other)) throw validationError('FILL takes a number, a time series, REPEAT or LINEAR.');
    return all.map((point, index) => point ?? (typeof other === 'number' ? other : other.points[index]));
  };
  return each(seriesOrList(value, 'FILL'), filled);
}

/**
 * `IF(condition, then[, else])`. Where the condition has no data point, and where the chosen branch is `else` and has
 * none, the result has none; a missing `then` counts as 0.
 */
function choose([condition, whenTrue, whenFalse, ...others]: readonly Argument[], { grid }: MathContext): Value {
  if (whenTrue === undefined || others.length > 0) throw validationError('IF takes two or three arguments.');
  const test = checkedValue(condition, 'IF');
  const then = checkedValue(whenTrue, 'IF');
  const otherwise = whenFalse === undefined ? undefined : checkedValue(whenFalse, 'IF');
  const at = (value: Value | undefined, index: number): number | undefined => {
    if (value === undefined || typeof value === 'number') return value;
    if (isList(value)) throw validationError('IF takes numbers and time series, no arrays of them.');
    return value.points[index];
  };
  const pick = (holds: number | undefined, index: number): number | undefined => {
    if (holds === undefined) return undefined;
    return holds === 0 ? at(otherwise, index) : (at(then, index) ?? 0);
  };
  if (typeof test === 'number' && typeof then === 'number' && typeof otherwise === 'number')
    return test === 0 ? otherwise : then;
  return { label: 'IF', points: Array.from({ length: grid.count }, (_, index) => pick(at(test, index), index)) };
}

function ofTime(part: (timeMs: number) => number): MathFunction {
  return ([value], { grid }) =>
    each(seriesOrList(value, 'A function of the time'), () =>
      Array.from({ length: grid.count }, (_, index) => part(grid.startMs + index * grid.periodSeconds * 1000)),
    );
}

function each(value: Series | readonly Series[], apply: (points: Points) => Points): Value {
  return isList(value)
    ? value.map((series) => ({ ...series, points: apply(series.points) }))
    : { ...value, points: apply(value.points) };
}

/** From the second data point on; each with the one before it, and how many periods lie between. */
function steps(points: Points, apply: (now: number, before: number, periods: number) => number): Points {
  let last: { at: number; value: number } | undefined;
  return points.map((point, index) => {
    if (point === undefined) return undefined;
    const before = last;
    last = { at: index, value: point };
    return before === undefined ? undefined : apply(point, before.value, index - before.at);
  });
}

function runningSum(points: Points): Points {
  let sum = 0;
  return points.map((point) => {
    if (point !== undefined) sum += point;
    return point === undefined ? undefined : sum;
  });
}

function repeated(points: Points): Points {
  let last: number | undefined;
  return points.map((point) => {
    last = point ?? last;
    return last;
  });
}

/** Fills the gaps between two data points. */
function interpolated(points: Points): Points {
  const result = [...points];
  let last: number | undefined;
  for (const [at, point] of points.entries()) {
    if (point === undefined) continue;
    const from = last === undefined ? undefined : points[last];
    if (last !== undefined && from !== undefined) {
      for (let gap = last + 1; gap < at; gap += 1) result[gap] = from + ((point - from) * (gap - last)) / (at - last);
    }
    last = at;
  }
  return result;
}

function constant(value: number, { count }: Grid): Series {
  return { label: String(value), points: Array.from({ length: count }, () => value) };
}

function present(points: Points): number[] {
  return points.filter((point) => point !== undefined);
}

function checkedValue(argument: Argument | undefined, by: string): Value {
  if (argument === undefined) throw validationError(`${by} lacks an argument.`);
  if (typeof argument === 'object' && 'text' in argument)
    throw validationError(`There is no metric '${argument.text}'.`);
  return argument;
}

function textOf(argument: Argument | undefined): string | undefined {
  return typeof argument === 'object' && 'text' in argument ? argument.text : undefined;
}

function numberOf(argument: Argument | undefined, by: string): number {
  const value = checkedValue(argument, by);
  if (typeof value !== 'number') throw validationError(`${by} needs a number.`);
  return value;
}

function seriesOrList(argument: Argument | undefined, by: string): Series | readonly Series[] {
  const value = checkedValue(argument, by);
  if (typeof value === 'number') throw validationError(`${by} needs a time series, not a number.`);
  return value;
}

function listOf(argument: Argument | undefined, by: string): readonly Series[] {
  const value = seriesOrList(argument, by);
  return isList(value) ? value : [value];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
