import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { TaskState } from '../definition/definition.ts';
import { dataLimitExceeded, StateError, Stopped } from '../errors.ts';
import { evaluateTemplate, inState } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import { abortable } from './abortable.ts';
import { withErrorHandling } from './error-handling.ts';
import { leave } from './leave.ts';
import type { Left } from './thread.ts';
import { errorFacts, type Visit } from './visit.ts';

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html} */
export function runTaskState(visit: Visit<TaskState>): Promise<Left> {
  return withErrorHandling(visit, async () => {
    const result = await attempt(visit);
    return leave(visit, visit.state.exit, { result }, result);
  });
}

/** The numbers that go into the history. */
interface Limits {
  timeoutInSeconds?: number;
  heartbeatInSeconds?: number;
}

async function attempt(visit: Visit<TaskState>): Promise<Json> {
  const { state, thread } = visit;
  const evaluator = visit.evaluator();
  const given = state.arguments === undefined ? visit.input : await evaluateTemplate(state.arguments, evaluator);
  const limits: Limits = {};
  if (state.timeoutSeconds !== undefined)
    limits.timeoutInSeconds = await visit.integer(state.timeoutSeconds, 'TimeoutSeconds', evaluator);
  if (state.heartbeatSeconds !== undefined) {
    limits.heartbeatInSeconds = await visit.integer(state.heartbeatSeconds, 'HeartbeatSeconds', evaluator);
  }
  const argumentsObject = checkArguments(visit, given);
  const { resourceType, action } = state.integration;
  const which = { resource: action, resourceType };
  visit.record('TaskScheduled', {
    facts: { ...which, region: thread.run.region, ...limits },
    parameters: argumentsObject,
  });
  await thread.run.pace?.('task', thread.signal);
  visit.record('TaskStarted', { facts: which });
  try {
    const result = await callWithTimeout(visit, argumentsObject, limits.timeoutInSeconds);
    if (jsonBytes(result) > PAYLOAD_BYTES) throw dataLimitExceeded(resourceType);
    visit.record('TaskSucceeded', { facts: which, output: result });
    return result;
  } catch (error) {
    if (error instanceof StateError) {
      visit.record(error.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', {
        facts: { ...errorFacts(error), ...which },
      });
    } else if (error instanceof Stopped) visit.record('TaskStateAborted');
    throw error;
  }
}

function checkArguments(visit: Visit<TaskState>, given: Json): JsonObject {
  if (jsonBytes(given) > PAYLOAD_BYTES) throw dataLimitExceeded(visit.state.name);
  const problems = isJsonObject(given)
    ? Object.keys(given)
        .filter((name) => !visit.state.integration.argumentNames.has(name))
        .map((name) => `The field "${name}" is not supported by Step Functions`)
    : ['The arguments must be a JSON object'];
  if (isJsonObject(given) && problems.length === 0) return given;
  throw new StateError(
    'States.Runtime',
    inState(
      { state: visit.state.name, enteredEventId: visit.enteredEventId },
      `The Parameters '${JSON.stringify(given)}' could not be used to start the Task: [${problems.join(', ')}]`,
    ),
  );
}

/** A timeout stops waiting and aborts the call; what the service has done by then stays done. */
async function callWithTimeout(
  visit: Visit<TaskState>,
  given: JsonObject,
  timeoutSeconds: number | undefined,
): Promise<Json> {
  const { run, signal } = visit.thread;
  const { integration } = visit.state;
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
