import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';

/** The metrics of a function: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export class FunctionMetrics {
  readonly #metrics;

  constructor(functionName: string, delivery: MetricDelivery = noMetricDelivery) {
    const metric = (metricName: string, unit = 'Count') =>
      delivery.metric({ namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName: functionName }, unit });
    this.#metrics = {
      invocations: metric('Invocations'),
      errors: metric('Errors'),
      duration: metric('Duration', 'Milliseconds'),
      concurrent: metric('ConcurrentExecutions'),
    };
  }

  /** `concurrent`: the invocations that run or wait, this one included. */
  started(concurrent: number): void {
    this.#metrics.concurrent.add(concurrent);
  }

  ended(isError: boolean, durationMs: number): void {
    this.#metrics.invocations.add(1);
    this.#metrics.errors.add(isError ? 1 : 0);
    this.#metrics.duration.add(durationMs);
  }
}
