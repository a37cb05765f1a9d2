import type { FailState } from '../definition/definition.ts';
import { StateError } from '../errors.ts';
import type { StateExecution } from './state-execution.ts';

/** Always throws the state's error. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html} */
export async function runFailState(stateExecution: StateExecution<FailState>): Promise<never> {
  stateExecution.reportVisit({}, { next: undefined });
  const { error, cause } = stateExecution.state;
  const evaluator = stateExecution.evaluator();
  throw new StateError(
    error === undefined ? undefined : await stateExecution.text(error, 'Error', evaluator),
    cause === undefined ? undefined : await stateExecution.text(cause, 'Cause', evaluator),
  );
}
