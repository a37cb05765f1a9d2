import type { ChoiceState } from '../definition/definition.ts';
import { StateError } from '../errors.ts';
import { evaluateTemplate, inState, unexpectedType } from '../jsonata/template.ts';
import { exitState } from './exit-state.ts';
import type { StateExecution } from './state-execution.ts';
import type { StateResult } from './thread.ts';

/**
 * Exits by the first rule that holds, with that rule's Assign and Output. When no rule holds, exits by Default, with
 * the state's own. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html}
 */
export async function runChoiceState(stateExecution: StateExecution<ChoiceState>): Promise<StateResult> {
  const { choices, otherwise } = stateExecution.state;
  const evaluator = stateExecution.evaluator();
  for (const rule of choices) {
    const holds = await evaluateTemplate(rule.condition, evaluator);
    if (typeof holds !== 'boolean') throw unexpectedType(evaluator, rule.condition, rule.location, 'boolean', holds);
    if (holds) return exitState(stateExecution, rule.exit, {}, stateExecution.input);
  }
  if (otherwise.next !== undefined) return exitState(stateExecution, otherwise, {}, stateExecution.input);
  throw new StateError(
    'States.NoChoiceMatched',
    inState(evaluator, 'Failed to transition out of the state. The state does not point to a next state.'),
  );
}
