import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import type { WorkerSession } from '../../iam/worker-session.ts';
import { StateError } from '../errors.ts';
import type { TaskRunner } from './integration.ts';

/** Gives the runner of tasks that have the rights of a session. */
export type TaskRunnerOf = (session: WorkerSession) => TaskRunner;

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
  return (call) => call.integration.call(clientsFor(options), call.arguments, call.signal);
}

/** A role that does not let Step Functions take it fails the task. The words of the cause are from memory. */
function clientsFor({ clients }: TaskRunnerOptions): AwsClients {
  try {
    return clients();
  } catch (error) {
    if (isNamed(error, 'AccessDenied')) throw new StateError('States.Permissions', sentence(error));
    throw error;
  }
}
