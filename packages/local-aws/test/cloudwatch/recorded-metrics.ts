import type { Metric, MetricDelivery, MetricIdentity, MetricValue } from '../../src/cloudwatch/metric-delivery.ts';

/** Keeps every value, for tests. */
export class RecordedMetrics implements MetricDelivery {
  readonly #values = new Map<string, number[]>();

  put(value: MetricValue): void {
    this.metric(value).add(value.value);
  }

  metric({ namespace, metricName, dimensions }: MetricIdentity): Metric {
    const key = [
      namespace,
      metricName,
      ...Object.keys(dimensions)
        .sort()
        .map((name) => dimensions[name]),
    ].join(' ');
    return {
      add: (value) => void this.#values.set(key, [...(this.#values.get(key) ?? []), value]),
    };
  }

  /** The values of a metric by namespace, name and the values of its dimensions, those sorted by name. */
  of(...key: string[]): readonly number[] {
    return this.#values.get(key.join(' ')) ?? [];
  }

  sum(...key: string[]): number {
    return this.of(...key).reduce((sum, value) => sum + value, 0);
  }
}
