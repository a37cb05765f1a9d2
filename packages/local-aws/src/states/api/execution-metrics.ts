import { type MetricDelivery, noMetricDelivery } from '../../cloudwatch/metric-delivery.ts';
import type { ExecutionResult } from '../interpreter/run-execution.ts';
import type { BillingDetails } from './billing.ts';

/**
 * The metrics of a state machine's executions:
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export class ExecutionMetrics {
  readonly #delivery: MetricDelivery;
  readonly #machines = new Map<string, ReturnType<typeof machineMetrics>>();

  constructor(delivery: MetricDelivery = noMetricDelivery) {
    this.#delivery = delivery;
  }

  started(stateMachineArn: string): void {
    this.#of(stateMachineArn).ExecutionsStarted.add(1);
  }

  ended(
    stateMachineArn: string,
    { status, startMs, stopMs }: Pick<ExecutionResult, 'status' | 'startMs' | 'stopMs'>,
    billing: BillingDetails,
  ): void {
    const metrics = this.#of(stateMachineArn);
    metrics[ends[status]].add(1);
    metrics.ExecutionTime.add(stopMs - startMs);
    metrics.ExpressExecutionBilledDuration.add(billing.billedDurationInMilliseconds);
    metrics.ExpressExecutionBilledMemory.add(billing.billedMemoryUsedInMB);
  }

  #of(stateMachineArn: string): ReturnType<typeof machineMetrics> {
    const found = this.#machines.get(stateMachineArn);
    if (found !== undefined) return found;
    const metrics = machineMetrics(stateMachineArn, this.#delivery);
    this.#machines.set(stateMachineArn, metrics);
    return metrics;
  }
}

const ends = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
} as const satisfies Record<ExecutionResult['status'], string>;

function machineMetrics(StateMachineArn: string, delivery: MetricDelivery) {
  const metric = (metricName: string, unit = 'Count') =>
    delivery.metric({ namespace: 'AWS/States', metricName, dimensions: { StateMachineArn }, unit });
  return {
    ExecutionsStarted: metric('ExecutionsStarted'),
    ExecutionsSucceeded: metric('ExecutionsSucceeded'),
    ExecutionsFailed: metric('ExecutionsFailed'),
    ExecutionsTimedOut: metric('ExecutionsTimedOut'),
    ExecutionsAborted: metric('ExecutionsAborted'),
    ExecutionTime: metric('ExecutionTime', 'Milliseconds'),
    ExpressExecutionBilledDuration: metric('ExpressExecutionBilledDuration', 'Milliseconds'),
    ExpressExecutionBilledMemory: metric('ExpressExecutionBilledMemory', 'Megabytes'),
  };
}
