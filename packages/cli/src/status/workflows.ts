import type { NamedResource, WorkflowStatus } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { readWorkflow } from '../executions/workflow.ts';
import { factOf, knownValue } from './known.ts';
import { failedExecutions, failedTasks, readLastError } from './last-error.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';

/** Reads how the executions of a workflow ended (AWS: "Monitoring Step Functions metrics"). Never throws. */
export async function readExecutions(
  workflow: NamedResource,
  source: { clients: AwsClients; clock: Clock },
  reader: MetricReader,
): Promise<WorkflowStatus> {
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
  const { failed = 0, timedOut = 0 } = knownValue(executions) ?? {};
  if (failed + timedOut === 0) return { ...workflow, executions };
  const lastError = await lastErrorOf(workflow, source, { pattern: failedExecutions, minutes: reader.minutes });
  return { ...workflow, executions, ...(lastError === undefined ? {} : { lastError }) };
}

/** Adds the last error of a task, for a workflow that retries and does not fail. Never throws. */
export async function withTaskError(
  workflow: WorkflowStatus,
  source: { clients: AwsClients; clock: Clock },
  minutes: number,
): Promise<WorkflowStatus> {
  if (workflow.lastError !== undefined) return workflow;
  const lastError = await lastErrorOf(workflow, source, { pattern: failedTasks, minutes });
  return lastError === undefined ? workflow : { ...workflow, lastError };
}

async function lastErrorOf(
  { name }: NamedResource,
  source: { clients: AwsClients; clock: Clock },
  { pattern, minutes }: { pattern: string; minutes: number },
): ReturnType<typeof readLastError> {
  const described = await factOf(() => readWorkflow(source.clients, name));
  if (!described.known) return described;
  return readLastError(source, { logGroupName: described.value.logGroupName, pattern }, minutes);
}
