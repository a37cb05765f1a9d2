import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';

/**
 * What services do to tasks on a bad day. `partly`: they process a part of a batch, or make a call and lose its answer.
 * `throttled`: they store nothing. `denied`: they may not store.
 */
export type Hindrance = 'partly' | 'throttled' | 'denied';

/** Answers that send a workflow on its rarer ways, in the shapes that AWS answers. */
export function hinder(runTask: TaskRunner, hindrance: Hindrance, random: Random): TaskRunner {
  const isHit = () => random.next() < 0.5;
  return async (call) => {
    const { action } = call.integration;
    if (action === 'batchExecuteStatement' && (hindrance !== 'partly' || isHit()))
      return { Responses: statementsOf(call.arguments).map((_, index) => refusal(hindrance, index)) };
    if (hindrance !== 'partly' || !isHit()) return runTask(call);
    if (action === 'batchGetItem') return { Responses: {}, UnprocessedKeys: call.arguments.RequestItems ?? {} };
    await runTask(call);
    throw new StateError('DynamoDb.ProvisionedThroughputExceededException', 'The answer was lost on purpose.');
  };
}

function statementsOf({ Statements }: JsonObject): Json[] {
  return Array.isArray(Statements) ? Statements : [];
}

/** Of a batch that is partly processed, the first statement is invalid, the second a duplicate, the rest throttled. */
function refusal(hindrance: Hindrance, index: number): JsonObject {
  const [invalid, duplicate] = hindrance === 'partly' ? ['ValidationError', 'DuplicateItem'] : [];
  const all = hindrance === 'denied' ? 'AccessDenied' : 'ThrottlingError';
  return { Error: { Code: [invalid, duplicate][index] ?? all, Message: 'Refused on purpose.' } };
}
