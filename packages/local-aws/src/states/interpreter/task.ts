import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { TaskState } from '../definition/definition.ts';
import { dataLimitExceeded, StateError, Stopped } from '../errors.ts';
import { evaluateTemplate, inState } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import { abortable } from './abortable.ts';
import { withErrorHandling } from './error-handling.ts';
import { exitState } from './exit-state.ts';
import { errorFacts, type StateExecution } from './state-execution.ts';
import type { StateResult } from './thread.ts';

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html} */
export function runTaskState(stateExecution: StateExecution<TaskState>): Promise<StateResult> {
  return withErrorHandling(stateExecution, async () => {
    const result = await attempt(stateExecution);
    return exitState(stateExecution, stateExecution.state.exit, { result }, result);
  });
}

/** Evaluated limits, in seconds, as the history names them. */
interface Limits {
  timeoutInSeconds?: number;
  heartbeatInSeconds?: number;
}

async function attempt(stateExecution: StateExecution<TaskState>): Promise<Json> {
  const { state, thread } = stateExecution;
  const evaluator = stateExecution.evaluator();
  const given =
    state.arguments === undefined ? stateExecution.input : await evaluateTemplate(state.arguments, evaluator);
  const limits: Limits = {};
  if (state.timeoutSeconds !== undefined)
    limits.timeoutInSeconds = await stateExecution.integer(state.timeoutSeconds, 'TimeoutSeconds', evaluator);
  if (state.heartbeatSeconds !== undefined) {
    limits.heartbeatInSeconds = await stateExecution.integer(state.heartbeatSeconds, 'HeartbeatSeconds', evaluator);
  }
  const argumentsObject = checkArguments(stateExecution, given);
  const { resourceType, action } = state.integration;
  const which = { resource: action, resourceType };
  stateExecution.record('TaskScheduled', {
    facts: { ...which, region: thread.run.region, ...limits },
    parameters: argumentsObject,
  });
  await thread.run.pace?.('task', thread.signal);
  stateExecution.record('TaskStarted', { facts: which });
  try {
    const result = await callWithTimeout(stateExecution, argumentsObject, limits.timeoutInSeconds);
    if (jsonBytes(result) > PAYLOAD_BYTES) throw dataLimitExceeded(resourceType);
    stateExecution.record('TaskSucceeded', { facts: which, output: result });
    return result;
  } catch (error) {
    if (error instanceof StateError) {
      stateExecution.record(error.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', {
        facts: { ...errorFacts(error), ...which },
      });
    } else if (error instanceof Stopped) stateExecution.record('TaskStateAborted');
    throw error;
  }
}

function checkArguments(stateExecution: StateExecution<TaskState>, given: Json): JsonObject {
  if (jsonBytes(given) > PAYLOAD_BYTES) throw dataLimitExceeded(stateExecution.state.name);
  const problems = isJsonObject(given)
    ? Object.keys(given)
        .filter((name) => !stateExecution.state.integration.argumentNames.has(name))
        .map((name) => `The field "${name}" is not supported by Step Functions`)
    : ['The arguments must be a JSON object'];
  if (isJsonObject(given) && problems.length === 0) return given;
  throw new StateError(
    'States.Runtime',
    inState(
      stateExecution.where,
      `The Parameters '${JSON.stringify(given)}' could not be used to start the Task: [${problems.join(', ')}]`,
    ),
  );
}

/** A timeout aborts the call. What the service has done by then is not undone. */
async function callWithTimeout(
  stateExecution: StateExecution<TaskState>,
  given: JsonObject,
  timeoutSeconds: number | undefined,
): Promise<Json> {
  const { run, signal } = stateExecution.thread;
  const { integration } = stateExecution.state;
  if (timeoutSeconds === undefined) return abortable(run.runTask({ integration, arguments: given, signal }), signal);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const timeout = run.clock.sleep(timeoutSeconds * 1000, either).then(() => {
    if (either.aborted) return new Promise<never>(() => {});
    throw new StateError('States.Timeout');
  });
  try {
    return await Promise.race([
      abortable(run.runTask({ integration, arguments: given, signal: either }), signal),
      timeout,
    ]);
  } finally {
    over.abort();
  }
}
