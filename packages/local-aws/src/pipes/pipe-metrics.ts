import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import type { MessageType } from './log.ts';

/** Takes the steps of one execution, as its log names them. */
export type ExecutionMetrics = (step: MessageType, nowMs: number) => void;

/**
 * The metrics of a pipe: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-monitoring.html. AWS does
 * not say whether `EventCount` counts the events of an execution that failed; here each attempt counts.
 */
export class PipeMetrics {
  readonly #metrics;

  constructor(pipeName: string, delivery: MetricDelivery = noMetricDelivery) {
    const metric = (metricName: string, unit = 'Count') =>
      delivery.metric({ namespace: 'AWS/EventBridge/Pipes', metricName, dimensions: { PipeName: pipeName }, unit });
    this.#metrics = {
      eventCount: metric('EventCount'),
      eventSize: metric('EventSize', 'Bytes'),
      invocations: metric('Invocations'),
      duration: metric('Duration', 'Milliseconds'),
      failed: metric('ExecutionFailed'),
      partiallyFailed: metric('ExecutionPartiallyFailed'),
      throttled: metric('ExecutionThrottled'),
      timedOut: metric('ExecutionTimeout'),
      enrichmentDuration: metric('EnrichmentStageDuration', 'Milliseconds'),
      enrichmentFailed: metric('EnrichmentStageFailed'),
      targetDuration: metric('TargetStageDuration', 'Milliseconds'),
      targetFailed: metric('TargetStageFailed'),
      targetPartiallyFailed: metric('TargetStagePartiallyFailed'),
    };
  }

  /** Counts an execution over events of so many bytes. */
  execution(events: number, bytes: number, startMs: number): ExecutionMetrics {
    const metrics = this.#metrics;
    metrics.eventCount.add(events);
    metrics.eventSize.add(bytes);
    metrics.invocations.add(1);
    let enteredMs = startMs;
    return (step, nowMs) => {
      switch (step) {
        case 'ENRICHMENT_STAGE_ENTERED':
        case 'TARGET_STAGE_ENTERED':
          enteredMs = nowMs;
          return;
        case 'ENRICHMENT_STAGE_FAILED':
          metrics.enrichmentFailed.add(1);
          metrics.enrichmentDuration.add(nowMs - enteredMs);
          return;
        case 'ENRICHMENT_STAGE_SUCCEEDED':
          metrics.enrichmentDuration.add(nowMs - enteredMs);
          return;
        case 'TARGET_STAGE_FAILED':
          metrics.targetFailed.add(1);
          metrics.targetDuration.add(nowMs - enteredMs);
          return;
        case 'TARGET_STAGE_PARTIALLY_FAILED':
          metrics.targetPartiallyFailed.add(1);
          metrics.targetDuration.add(nowMs - enteredMs);
          return;
        case 'TARGET_STAGE_SUCCEEDED':
          metrics.targetDuration.add(nowMs - enteredMs);
          return;
        case 'EXECUTION_FAILED':
          metrics.failed.add(1);
          break;
        case 'EXECUTION_PARTIALLY_FAILED':
          metrics.partiallyFailed.add(1);
          break;
        case 'EXECUTION_THROTTLED':
          metrics.throttled.add(1);
          break;
        case 'EXECUTION_TIMEOUT':
          metrics.timedOut.add(1);
          break;
        case 'EXECUTION_SUCCEEDED':
          break;
        default:
          return;
      }
      metrics.duration.add(nowMs - startMs);
    };
  }
}
