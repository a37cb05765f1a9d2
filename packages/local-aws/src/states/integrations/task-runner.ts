import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { TaskRunner } from './integration.ts';

export interface TaskRunnerOptions {
  /**
   * The clients that tasks call through, asked for at each call. Make them with `maxAttempts: 1`: a retry inside the
   * SDK would be hidden from the definition's own Retry and from the history (ADR 0007).
   */
  clients: () => AwsClients;
}

/** Runs tasks against the services that the clients point to, on AWS or locally. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  return (call) => call.integration.call(options.clients(), call.arguments, call.signal);
}
