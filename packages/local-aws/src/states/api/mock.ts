import type { Json } from '@tweet-pipes/kit/json';
import { parseBoundedJson } from '../../bounded-json.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import type { State } from '../definition/definition.ts';
import { findState, innerGraphs } from '../definition/find-state.ts';
import { mockProblem } from '../integrations/check-mock.ts';
import type { StateMock } from '../interpreter/test-state.ts';
import type { TestStateInput } from './input.ts';

/**
 * The mock of a tested state. Throws what AWS answers for a state without the mock that it needs, or with one that does
 * not fit: `InvalidDefinition`, `ValidationException`. The texts were recorded by others (LocalStack's public
 * snapshots, test_state_mock_validation).
 */
export async function parseMock(
  { mock, stateConfiguration }: TestStateInput,
  state: State,
): Promise<StateMock | undefined> {
  if (mock === undefined) {
    if (state.type !== 'Map' && state.type !== 'Parallel') return undefined;
    throw new AwsError(
      'InvalidDefinition',
      'TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]',
    );
  }
  if (state.type !== 'Task' && state.type !== 'Map' && state.type !== 'Parallel')
    throw invalid(`State type '${state.type}' is not supported when a mock is specified`);
  const { result: text, errorOutput, fieldValidationMode } = mock;
  if ((text === undefined) === (errorOutput === undefined))
    throw invalid('A test mock should have only one of the following fields: [result, errorOutput].');
  if (errorOutput !== undefined) {
    checkErrorSource(state, stateConfiguration.errorCausedByState);
    return { kind: 'error', error: errorOutput.error, cause: errorOutput.cause };
  }
  const result = parseResult(text ?? '');
  const problem =
    state.type === 'Task'
      ? await mockProblem(result, state.integration, fieldValidationMode)
      : innerProblem(result, state);
  if (problem !== undefined) throw invalid(problem);
  return { kind: 'result', result };
}

/** An error of a Map or Parallel state comes from a state inside it, which the caller must name. */
function checkErrorSource(state: State, source: string | undefined): void {
  if (state.type === 'Task') return;
  if (source !== undefined && innerGraphs(state).some((graph) => findState(graph, source) !== undefined)) return;
  throw invalid(
    source === undefined
      ? `stateConfiguration.errorCausedByState must name the state inside '${state.name}' that the mocked error comes from`
      : `stateConfiguration.errorCausedByState: '${state.name}' has no state '${source}' inside`,
  );
}

function parseResult(text: string): Json {
  try {
    return parseBoundedJson(text);
  } catch (cause) {
    throw new AwsError('ValidationException', 'Mocked result must be valid JSON', { cause });
  }
}

function innerProblem(result: Json, state: State): string | undefined {
  if (!Array.isArray(result)) return 'Mocked result must be an array.';
  if (state.type === 'Parallel' && result.length !== state.branches.length)
    return 'Mocked result must contain the same number of items as number of Parallel branches.';
  return undefined;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
