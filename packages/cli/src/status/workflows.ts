import type { NamedResource, WorkflowStatus } from '@tweet-pipes/console/status';
import { factOf } from './known.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';

/** Reads how the executions of a workflow ended (AWS: "Monitoring Step Functions metrics"). Never throws. */
export async function readWorkflow(workflow: NamedResource, reader: MetricReader): Promise<WorkflowStatus> {
  const metrics = new ResourceMetrics(reader, 'AWS/States', { StateMachineArn: workflow.name });
  const executions = await factOf(async () => {
    const [ends, sumMs, count, longestMs] = await Promise.all([
      metrics.sums(
        'ExecutionsStarted',
        'ExecutionsSucceeded',
        'ExecutionsFailed',
        'ExecutionsTimedOut',
        'ExecutionsAborted',
        'ExecutionThrottled',
      ),
      metrics.read('ExecutionTime', 'Sum'),
      metrics.read('ExecutionTime', 'SampleCount'),
      metrics.read('ExecutionTime', 'Maximum'),
    ]);
    return {
      started: ends.ExecutionsStarted,
      succeeded: ends.ExecutionsSucceeded,
      failed: ends.ExecutionsFailed,
      timedOut: ends.ExecutionsTimedOut,
      aborted: ends.ExecutionsAborted,
      throttled: ends.ExecutionThrottled,
      ...(sumMs === undefined || count === undefined || count === 0 ? {} : { averageMs: sumMs / count }),
      ...(longestMs === undefined ? {} : { longestMs }),
    };
  });
  return { ...workflow, executions };
}
