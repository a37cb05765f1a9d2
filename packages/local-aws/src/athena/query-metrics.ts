import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import type { Execution } from './shapes.ts';

/** Tells the metrics of a query: https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html */
export function measureQuery(execution: Execution, delivery: MetricDelivery = noMetricDelivery): void {
  const { submittedMs, startedMs, completedMs, scannedBytes } = execution;
  const dimensions = {
    QueryState: execution.state,
    QueryType: execution.statementType,
    WorkGroup: execution.workGroup,
  };
  const put = (metricName: string, value: number, unit = 'Milliseconds') =>
    delivery.put({ namespace: 'AWS/Athena', metricName, dimensions, value, unit });
  put('ProcessedBytes', scannedBytes, 'Bytes');
  if (completedMs === undefined) return;
  put('TotalExecutionTime', completedMs - submittedMs);
  put('QueryQueueTime', (startedMs ?? completedMs) - submittedMs);
  put('EngineExecutionTime', completedMs - (startedMs ?? completedMs));
}
