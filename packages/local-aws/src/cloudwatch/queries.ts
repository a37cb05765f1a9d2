import { validationError } from './errors.ts';
import { evaluateExpression } from './math/evaluate-expression.ts';
import { type Expression, namesIn, parseExpression } from './math/parse-expression.ts';
import { type Grid, isList, type Series, type Value } from './math/values.ts';
import type { MetricIdentity } from './metric-delivery.ts';
import type { MetricStore } from './store/metric-store.ts';
import { statisticOf } from './store/statistic.ts';

/** A statistic of a metric. */
export interface MetricStat {
  readonly metric: Omit<MetricIdentity, 'unit'>;
  readonly periodSeconds: number;
  /** `Sum`, `p99` */
  readonly stat: string;
  /** Only values of this unit. Default: all. */
  readonly unit?: string;
}

/** One query of GetMetricData, or of an alarm: a metric or an expression over the ids of others. */
export interface MetricQuery {
  readonly id: string;
  readonly label?: string;
  readonly of: MetricStat | { readonly expression: string; readonly periodSeconds?: number };
  /** Whether its result is asked for. */
  readonly isReturned: boolean;
}

/** The time series of a query, and the times of its points. */
export interface QueryResult {
  readonly query: MetricQuery;
  readonly grid: Grid;
  readonly series: readonly Series[];
}

/** Of an expression without metrics, such as `TIME_SERIES(1)`. */
const DEFAULT_PERIOD_SECONDS = 60;

/** Queries that may name each other. Creating them throws ValidationError for what cannot be evaluated. */
export class MetricQueries {
  readonly #queries: ReadonlyMap<string, MetricQuery>;
  readonly #expressions = new Map<string, Expression>();
  readonly #periods = new Map<string, number>();

  constructor(queries: readonly MetricQuery[]) {
    this.#queries = new Map(queries.map((query) => [query.id, query]));
    if (this.#queries.size < queries.length) throw validationError('Each Id of a request must be unique.');
    for (const { id, of } of queries) if ('expression' in of) this.#expressions.set(id, parseExpression(of.expression));
    for (const query of queries) this.#periods.set(query.id, this.#periodOf(query, []));
    for (const { of } of queries) if ('stat' in of) statisticOf(of.stat);
  }

  get returned(): readonly MetricQuery[] {
    return [...this.#queries.values()].filter(({ isReturned }) => isReturned);
  }

  periodSeconds({ id }: MetricQuery): number {
    return this.#periods.get(id) ?? DEFAULT_PERIOD_SECONDS;
  }

  /** The results that are asked for. `gridOf` gives the times for a period. */
  evaluate(store: MetricStore, gridOf: (periodSeconds: number) => Grid): QueryResult[] {
    const values = new Map<string, Value>();
    const lookUp = (id: string): Value | undefined => {
      const query = this.#queries.get(id);
      if (query === undefined) return undefined;
      const value = values.get(id) ?? this.#value(query, store, gridOf(this.periodSeconds(query)), lookUp);
      values.set(id, value);
      return value;
    };
    return this.returned.map((query) => {
      const value = lookUp(query.id) ?? [];
      if (typeof value === 'number') {
        throw validationError(`The expression ${query.id} gives a number. A result must be a time series.`);
      }
      return { query, grid: gridOf(this.periodSeconds(query)), series: isList(value) ? value : [value] };
    });
  }

  #value(query: MetricQuery, store: MetricStore, grid: Grid, lookUp: (id: string) => Value | undefined): Value {
    if ('stat' in query.of) return statSeries(query, query.of, store, grid);
    const expression = this.#expressions.get(query.id);
    if (expression === undefined) return [];
    const metrics = (containing = ''): Series[] =>
      [...this.#queries.values()].flatMap((other) => {
        if ('expression' in other.of) return [];
        const value = lookUp(other.id);
        const isAsked =
          value !== undefined && typeof value !== 'number' && !isList(value) && value.label.includes(containing);
        return isAsked ? [value] : [];
      });
    return evaluateExpression(expression, { grid, metrics, lookUp });
  }

  #periodOf(query: MetricQuery, path: readonly string[]): number {
    if (path.includes(query.id)) throw validationError(`The expression ${query.id} refers to itself.`);
    if ('stat' in query.of) return query.of.periodSeconds;
    const expression = this.#expressions.get(query.id);
    const named = (expression === undefined ? [] : namesIn(expression)).flatMap((id) => this.#queries.get(id) ?? []);
    const used = /\bMETRICS\(/.test(query.of.expression) ? [...named, ...this.#metrics()] : named;
    const periods = new Set(used.map((other) => this.#periodOf(other, [...path, query.id])));
    if (periods.size > 1) {
      throw validationError(
        `The expression ${query.id} combines periods of ${[...periods].join(' and ')} seconds. The local endpoint needs one period.`,
      );
    }
    const [period = query.of.periodSeconds ?? DEFAULT_PERIOD_SECONDS] = periods;
    return period;
  }

  #metrics(): MetricQuery[] {
    return [...this.#queries.values()].filter(({ of }) => 'stat' in of);
  }
}

function statSeries(
  { label, id }: MetricQuery,
  { metric, stat, unit }: MetricStat,
  store: MetricStore,
  grid: Grid,
): Series {
  const statistic = statisticOf(stat);
  const series = store.find(metric, unit);
  const periodMs = grid.periodSeconds * 1000;
  return {
    label: label ?? metric.metricName ?? id,
    points: Array.from({ length: grid.count }, (_, index) => {
      const fromMs = grid.startMs + index * periodMs;
      return series === undefined ? undefined : statistic(series.between(fromMs, fromMs + periodMs));
    }),
  };
}
