import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { parseBoundedJson } from '../../bounded-json.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import type { RequestContext } from '../../gateway/local-service.ts';
import { sessionFor } from '../../iam/worker-session.ts';
import { type FoundState, findState } from '../definition/find-state.ts';
import { parseLoneState, parseMachine } from '../definition/parse-definition.ts';
import { Stopped } from '../errors.ts';
import type { TaskRunnerOf } from '../integrations/task-runner.ts';
import { type StateTest, type StateTestResult, testState } from '../interpreter/test-state.ts';
import { toTimestamp } from '../timestamp.ts';
import { parseContextObject } from './context-object.ts';
import { stopping } from './executions.ts';
import { parseExecutionInput, parseInput, type TestStateInput, testStateInput } from './input.ts';
import { parseMock } from './mock.ts';

/** The means of all tests. */
export interface TestMeans extends Pick<StateTest, 'clock' | 'random' | 'expressionBounds' | 'signal'> {
  runTaskAs: TaskRunnerOf;
}

/**
 * Answers TestState. Throws `InvalidDefinition`, `InvalidExecutionInput`, `ValidationException`, and
 * `ServiceUnavailable` when the runtime stops meanwhile.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html}
 */
export async function answerTestState(
  input: Record<string, unknown>,
  { region, accountId }: RequestContext,
  { runTaskAs, ...means }: TestMeans,
): Promise<object> {
  const request = parseInput(testStateInput, input);
  const found = findTested(request);
  const mock = await parseMock(request, found.state);
  checkRequest(request, found);
  const context = request.context === undefined ? undefined : parseContextObject(request.context);
  const value = parseExecutionInput(request.input).value;
  const [machineName, executionName] = [means.random.uuid(), means.random.uuid()];
  const arnStart = `arn:aws:states:${region}:${accountId}`;
  const machineArn = `${arnStart}:stateMachine:${machineName}`;
  try {
    const result = await testState({
      ...means,
      runTask: runTaskAs(
        sessionFor('states.amazonaws.com', request.roleArn ?? '', { name: machineName, arn: machineArn }),
      ),
      state: found.state,
      input: value,
      variables: parseVariables(request.variables),
      mock,
      retriesMade: request.stateConfiguration.retrierRetryCount ?? retryCountOf(context),
      execution: {
        Id: `${arnStart}:express:${machineName}:${executionName}`,
        Input: value,
        Name: executionName,
        RoleArn: request.roleArn ?? null,
        StartTime: toTimestamp(means.clock.now()),
      },
      stateMachine: { Id: machineArn, Name: machineName },
      map: found.isInMap && context === undefined ? { Item: { Index: 0, Value: value } } : undefined,
      context,
      region,
    });
    return answer(result, request, found);
  } catch (error) {
    throw error instanceof Stopped ? stopping() : error;
  }
}

function findTested({ definition, stateName }: TestStateInput): FoundState {
  if (stateName === undefined) return { state: parseLoneState(definition), isInMap: false };
  const found = findState(parseMachine(definition), stateName);
  if (found === undefined) throw invalid('State not found in definition');
  return found;
}

function checkRequest({ mock, context, roleArn, revealSecrets }: TestStateInput, { state }: FoundState): void {
  if (revealSecrets && mock !== undefined)
    throw invalid('TestState does not support RevealSecrets when a mock is specified.');
  if (revealSecrets) throw invalid('RevealSecrets is for HTTP tasks, which the local runtime does not support.');
  if (context !== undefined && mock === undefined)
    throw invalid('TestState does not support Context when a mock is not specified.');
  if (state.type === 'Task' && mock === undefined && roleArn === undefined)
    throw invalid('RoleArn must be specified when testing a Task state');
}

function parseVariables(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (cause) {
    throw invalid('Variables must be valid JSON', cause);
  }
  if (!isJsonObject(value)) throw invalid('Variables must be a JSON object');
  if (value.states !== undefined) throw invalid("The variable name 'states' is reserved");
  return value;
}

/** AWS lets a test tell the retries made also by the context object. */
function retryCountOf(context: JsonObject | undefined): number {
  const state = context?.State;
  return isJsonObject(state) && typeof state.RetryCount === 'number' ? state.RetryCount : 0;
}

function answer(result: StateTestResult, request: TestStateInput, { state }: FoundState): object {
  const { status, output, error, cause, next } = result;
  return {
    status,
    ...(output === undefined ? {} : { output: JSON.stringify(output) }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(next === undefined ? {} : { nextState: next }),
    ...(request.inspectionLevel === 'INFO' ? {} : { inspectionData: inspectionData(result, request.input, state) }),
  };
}

/** TRACE shows no more than DEBUG: only HTTP tasks have a request and a response. */
function inspectionData({ inspection }: StateTestResult, input: string, state: FoundState['state']): object {
  const { variables, maxConcurrency } = inspection;
  const details = {
    ...(inspection.retryIndex === undefined ? {} : { retryIndex: inspection.retryIndex }),
    ...(inspection.retryDelayMs === undefined
      ? {}
      : { retryBackoffIntervalSeconds: Math.round(inspection.retryDelayMs / 1000) }),
    ...(inspection.catchIndex === undefined ? {} : { catchIndex: inspection.catchIndex }),
  };
  const hasArguments = state.type === 'Task' && state.arguments !== undefined;
  return {
    input,
    ...(hasArguments ? asText('afterArguments', inspection.arguments) : {}),
    ...asText('result', inspection.result),
    ...asText('afterItemSelector', inspection.iterationInputs),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(Object.keys(variables).length === 0 ? {} : asText('variables', variables)),
    ...(Object.keys(details).length === 0 ? {} : { errorDetails: details }),
  };
}

function asText(name: string, value: Json | readonly Json[] | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: JSON.stringify(value) };
}

function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError('ValidationException', message, { cause });
}
