import type { Json } from '@tweet-pipes/kit/json';
import type { Exit } from '../definition/definition.ts';
import { dataLimitExceeded } from '../errors.ts';
import type { EventType } from '../history/log-event.ts';
import { evaluateTemplate } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import type { Left } from './thread.ts';
import type { Outcome, Visit } from './visit.ts';

/**
 * Leaves a state: evaluates Assign and Output from the same snapshot, so that neither sees the other's effect, then
 * assigns and records the exit. `unless` is the output when the definition gives none.
 */
export async function leave(visit: Visit, exit: Exit, outcome: Outcome, unless: Json): Promise<Left> {
  const needsEvaluator = exit.assign.length > 0 || exit.output !== undefined;
  const assigned: [string, Json][] = [];
  let output = unless;
  if (needsEvaluator) {
    const evaluator = visit.evaluator(outcome);
    for (const { variable, value } of exit.assign) assigned.push([variable, await evaluateTemplate(value, evaluator)]);
    if (exit.output !== undefined) output = await evaluateTemplate(exit.output, evaluator);
  }
  if (jsonBytes(output) > PAYLOAD_BYTES) throw dataLimitExceeded(visit.state.name);
  visit.thread.scope.assign(visit.state.name, assigned);
  visit.record(exitEvent(visit), {
    facts: { name: visit.state.name },
    output,
    ...(assigned.length > 0 ? { assignedVariables: assigned } : {}),
  });
  return { output, next: exit.next };
}

function exitEvent(visit: Visit): EventType {
  const { type } = visit.state;
  if (type === 'Fail') throw new Error('A Fail state has no exit.');
  return `${type}StateExited`;
}
