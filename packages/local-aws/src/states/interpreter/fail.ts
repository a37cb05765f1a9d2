import type { FailState } from '../definition/definition.ts';
import { StateError } from '../errors.ts';
import type { Visit } from './visit.ts';

/** Never returns. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html} */
export async function runFailState(visit: Visit<FailState>): Promise<never> {
  const { error, cause } = visit.state;
  const evaluator = visit.evaluator();
  throw new StateError(
    error === undefined ? undefined : await visit.text(error, 'Error', evaluator),
    cause === undefined ? undefined : await visit.text(cause, 'Cause', evaluator),
  );
}
