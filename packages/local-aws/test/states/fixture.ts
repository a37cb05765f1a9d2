import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '../../src/states/definition/parse-definition.ts';
import type { TaskRunner } from '../../src/states/integrations/integration.ts';
import {
  type ExecutionRequest,
  type ExecutionResult,
  runExecution,
} from '../../src/states/interpreter/run-execution.ts';

/** The text of a JSONata definition that starts at its first state. */
export function definitionText(states: Record<string, unknown>, members: Record<string, unknown> = {}): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...members });
}

/** Runs a definition to its end on a clock that stands still, with tasks answered by `runTask`. */
export function runStates(
  states: Record<string, unknown>,
  options: { input?: Json; members?: Record<string, unknown>; runTask?: TaskRunner } & Partial<
    Pick<ExecutionRequest, 'clock' | 'random' | 'signal' | 'onVisit'>
  > = {},
): Promise<ExecutionResult> {
  return runExecution({
    definition: parseDefinition(definitionText(states, options.members)),
    input: options.input ?? {},
    runTask: options.runTask ?? (async (call) => ({ asked: call.arguments })),
    clock: options.clock ?? new ManualClock(),
    random: options.random ?? seededRandom(1),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onVisit === undefined ? {} : { onVisit: options.onVisit }),
  });
}

/** A Task that succeeds or fails as the test's `runTask` says. */
export function task(members: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:query',
    Arguments: { TableName: 't' },
    ...members,
  };
}
