import type { Clock } from '@tweet-pipes/kit/clock';
import type { MetricDelivery, MetricIdentity, MetricValue } from '../metric-delivery.ts';
import { MetricSeries, SECONDS_KEPT_MS } from './metric-series.ts';

/** How long values are kept: as long as an alarm on a metric of a minute may look back. */
const KEPT_MS = 24 * 60 * 60_000;
/** Above this weight, about 50 MB, the oldest values go before their time. */
const MOST_WEIGHT = 1_000_000;
/** AWS has no bound. Here a program that makes up dimensions must not fill the memory. */
const MOST_METRICS = 20_000;
/** Each shortening keeps this part of the time. */
const SHORTENED = 0.75;

const AWS_NAMESPACE = /^AWS\//;
const DURATION_UNITS = new Set(['Seconds', 'Milliseconds', 'Microseconds']);

/**
 * The values of all metrics, in memory, of the last 24 hours and at most about 50 MB. Of the services' own counts and
 * bytes only statistics are kept, as on AWS; percentiles are of durations and of metrics of other namespaces.
 */
export class MetricStore implements MetricDelivery {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #series = new Map<string, MetricSeries>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  put(value: MetricValue): void {
    this.metric(value).addAt(value.timestampMs ?? this.#clock.now(), value.value, 1);
  }

  /** Above 20,000 metrics, one that no list shows. */
  metric(identity: MetricIdentity): MetricSeries {
    const key = metricKey(identity);
    const found = this.#series.get(key);
    if (found !== undefined) return found;
    const { namespace, metricName, dimensions, unit = 'None' } = identity;
    const isDistribution = !AWS_NAMESPACE.test(namespace) || DURATION_UNITS.has(unit);
    const series = new MetricSeries({ namespace, metricName, dimensions, unit }, this.#clock, isDistribution);
    if (this.#series.size < MOST_METRICS) this.#series.set(key, series);
    return series;
  }

  /** Undefined for a metric that has had no value, or none of this unit. Default: of any unit. */
  find(identity: Omit<MetricIdentity, 'unit'>, unit?: string): MetricSeries | undefined {
    const found = this.#series.get(metricKey(identity));
    return unit === undefined || found?.identity.unit === unit ? found : undefined;
  }

  get all(): Iterable<MetricSeries> {
    return this.#series.values();
  }

  /** Drops what is too old or too much. Call it every few seconds. */
  trim(): void {
    const nowMs = this.#clock.now();
    for (let keptMs = KEPT_MS; ; keptMs *= SHORTENED) {
      let weight = 0;
      for (const series of this.#series.values()) {
        series.drop(nowMs - keptMs, nowMs - Math.min(keptMs, SECONDS_KEPT_MS));
        weight += series.weight;
      }
      if (weight <= MOST_WEIGHT || keptMs < SECONDS_KEPT_MS) return;
    }
  }
}

/** Metrics with the same dimensions in another order are the same. */
function metricKey({ namespace, metricName, dimensions }: Omit<MetricIdentity, 'unit'>): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\0${metricName}`;
  for (const name of names) key += `\0${name}\0${dimensions[name]}`;
  return key;
}
