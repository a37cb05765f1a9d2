/** One value of a metric, as a service of AWS publishes it. */
export interface MetricValue {
  /** `AWS/Kinesis` */
  readonly namespace: string;
  readonly metricName: string;
  /** Values by name: `{ StreamName: 'tweets' }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** As in CloudWatch's API: `Count`, `Milliseconds`, `Bytes`. Default None. */
  readonly unit?: string;
  /** Milliseconds since the epoch. Default: now. */
  readonly timestampMs?: number;
}

/** Where the services of the runtime put the metrics that AWS documents for them. Never blocks and never throws. */
export interface MetricDelivery {
  put(value: MetricValue): void;
}

/** Delivers nothing, for services that are used alone. */
export const noMetricDelivery: MetricDelivery = { put() {} };
