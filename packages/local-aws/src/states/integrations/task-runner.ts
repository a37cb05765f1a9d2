import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { TaskRunner } from './integration.ts';

/** The means of tasks to call services. */
export interface TaskRunnerOptions {
  /**
   * Returns the clients that tasks use, at each call. Create them with `maxAttempts: 1`: retries inside the SDK would
   * bypass the definition's own Retry and the history (ADR 0007).
   */
  clients: () => AwsClients;
}

/** Runs tasks against the services that the clients point to, on AWS or locally. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  return (call) => call.integration.call(options.clients(), call.arguments, call.signal);
}
