import type { ChoiceState } from '../definition/definition.ts';
import { StateError } from '../errors.ts';
import { evaluateTemplate, inState, unexpectedType } from '../jsonata/template.ts';
import { leave } from './leave.ts';
import type { Left } from './thread.ts';
import type { Visit } from './visit.ts';

/**
 * The first rule that holds leaves the state with its own Assign and Output, none with the state's. {@link
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html}
 */
export async function runChoiceState(visit: Visit<ChoiceState>): Promise<Left> {
  const { choices, otherwise } = visit.state;
  const evaluator = visit.evaluator();
  for (const rule of choices) {
    const holds = await evaluateTemplate(rule.condition, evaluator);
    if (typeof holds !== 'boolean') throw unexpectedType(evaluator, rule.condition, rule.location, 'boolean', holds);
    if (holds) return leave(visit, rule.exit, {}, visit.input);
  }
  if (otherwise.next !== undefined) return leave(visit, otherwise, {}, visit.input);
  throw new StateError(
    'States.NoChoiceMatched',
    inState(evaluator, 'Failed to transition out of the state. The state does not point to a next state.'),
  );
}
