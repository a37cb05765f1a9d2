import type { Json } from '@tweet-pipes/kit/json';
import type { Exit } from '../definition/definition.ts';
import { dataLimitExceeded, StateError } from '../errors.ts';
import type { EventType } from '../history/log-event.ts';
import { evaluateTemplate } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import type { StateExecution, StateOutcome } from './state-execution.ts';
import type { StateResult } from './thread.ts';

/**
 * Exits a state: evaluates Assign and Output from the same snapshot, so that neither sees the other's effect, then
 * assigns the variables and records the exit. `defaultOutput` is the output of a definition without Output.
 */
export async function exitState(
  stateExecution: StateExecution,
  exit: Exit,
  outcome: StateOutcome,
  defaultOutput: Json,
): Promise<StateResult> {
  const { assigned, output } = await evaluateExit(stateExecution, exit, outcome, defaultOutput);
  stateExecution.reportVisit(outcome, { next: exit.next });
  stateExecution.thread.scope.assign(stateExecution.state.name, assigned);
  stateExecution.record(exitEvent(stateExecution), {
    facts: { name: stateExecution.state.name },
    output,
    ...(assigned.length > 0 ? { assignedVariables: assigned } : {}),
  });
  return { output, next: exit.next };
}

async function evaluateExit(
  stateExecution: StateExecution,
  exit: Exit,
  outcome: StateOutcome,
  defaultOutput: Json,
): Promise<{ assigned: [string, Json][]; output: Json }> {
  try {
    const needsEvaluator = exit.assign.length > 0 || exit.output !== undefined;
    const assigned: [string, Json][] = [];
    let output = defaultOutput;
    if (needsEvaluator) {
      const evaluator = stateExecution.evaluator(outcome);
      for (const { variable, value } of exit.assign) {
        assigned.push([variable, await evaluateTemplate(value, evaluator)]);
      }
      if (exit.output !== undefined) output = await evaluateTemplate(exit.output, evaluator);
    }
    if (jsonBytes(output) > PAYLOAD_BYTES) throw dataLimitExceeded(stateExecution.state.name);
    return { assigned, output };
  } catch (error) {
    if (error instanceof StateError) stateExecution.reportVisit(outcome, { next: undefined, error: error.error });
    throw error;
  }
}

function exitEvent(stateExecution: StateExecution): EventType {
  const { type } = stateExecution.state;
  if (type === 'Fail') throw new Error('A Fail state has no exit.');
  return `${type}StateExited`;
}
