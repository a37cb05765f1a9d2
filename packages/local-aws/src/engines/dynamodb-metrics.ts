import { type Metric, type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import type { Meter } from '../meter/meter.ts';

const units: Readonly<Record<string, string>> = {
  dynamodbReadUnits: 'ConsumedReadCapacityUnits',
  dynamodbWriteUnits: 'ConsumedWriteCapacityUnits',
};

/** The metrics of tables: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
export class DynamoDbMetrics {
  readonly #delivery: MetricDelivery;
  /** By table, then by metric, or by the operation whose latency it is. */
  readonly #tables = new Map<string, Map<string, Metric>>();

  constructor(delivery: MetricDelivery = noMetricDelivery) {
    this.#delivery = delivery;
  }

  /** Adds what a meter counts for a table to its metrics. The tables of the call are added to `tables`. */
  metered(meter: Meter, tables: Set<string>): Meter {
    return {
      add: (item, amount, payer) => meter.add(item, amount, payer),
      of: (table) => {
        tables.add(table);
        const ofTable = meter.of(table);
        return {
          add: (item, amount, payer) => {
            ofTable.add(item, amount, payer);
            const name = units[item];
            if (name !== undefined && table !== '') this.#metric(table, name, 'Count').add(amount);
          },
          of: (other) => ofTable.of(other),
        };
      },
    };
  }

  /** Counts a call that was answered. */
  answered(
    operation: string,
    answer: { statusCode: number; body: Buffer },
    tables: ReadonlySet<string>,
    elapsedMs: number,
  ): void {
    for (const table of tables) {
      if (table === '') continue;
      if (answer.statusCode === 200) {
        this.#metric(table, 'SuccessfulRequestLatency', 'Milliseconds', operation).add(elapsedMs);
      } else if (answer.body.includes('ConditionalCheckFailed')) {
        this.#metric(table, 'ConditionalCheckFailedRequests', 'Count').add(1);
      }
    }
  }

  /** Counts items that expired. */
  expired(table: string, items: number): void {
    this.#metric(table, 'TimeToLiveDeletedItemCount', 'Count').add(items);
  }

  #metric(TableName: string, metricName: string, unit: string, operation?: string): Metric {
    let metrics = this.#tables.get(TableName);
    if (metrics === undefined) {
      metrics = new Map();
      this.#tables.set(TableName, metrics);
    }
    const key = operation ?? metricName;
    const found = metrics.get(key);
    if (found !== undefined) return found;
    const dimensions = { TableName, ...(operation !== undefined && { Operation: operation }) };
    const metric = this.#delivery.metric({ namespace: 'AWS/DynamoDB', metricName, dimensions, unit });
    metrics.set(key, metric);
    return metric;
  }
}
