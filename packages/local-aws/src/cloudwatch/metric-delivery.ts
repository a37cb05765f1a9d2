/** Which metric: its namespace, name and dimensions. */
export interface MetricIdentity {
  /** `AWS/Kinesis` */
  readonly namespace: string;
  readonly metricName: string;
  /** Values by name: `{ StreamName: 'tweets' }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** As in CloudWatch's API: `Count`, `Milliseconds`, `Bytes`. Default None. */
  readonly unit?: string;
}

/** One value of a metric, as a service of AWS publishes it. */
export interface MetricValue extends MetricIdentity {
  readonly value: number;
  /** Milliseconds since the epoch. Default: now. */
  readonly timestampMs?: number;
}

/** One metric of {@link MetricDelivery}, for those that add values often. */
export interface Metric {
  /** Adds a value of this moment. Allocates nothing but once a second. */
  add(value: number): void;
}

/** Where the services of the runtime put the metrics that AWS documents for them. Never blocks and never throws. */
export interface MetricDelivery {
  put(value: MetricValue): void;
  /** The metric to add values to. Keep it: finding it costs more than adding a value. */
  metric(identity: MetricIdentity): Metric;
}

/** Delivers nothing, for services that are used alone. */
export const noMetricDelivery: MetricDelivery = { put() {}, metric: () => ({ add() {} }) };
