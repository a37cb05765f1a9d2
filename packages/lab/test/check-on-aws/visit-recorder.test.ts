import { expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import { VisitRecorder } from '../../src/check-on-aws/visit-recorder.ts';

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem',
      Arguments: { TableName: 'tweets', Key: { id: { S: '1' } } },
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Done' }],
      Output: "{% $states.result.Item ? $states.result.Item : $error('no item') %}",
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
});

/** Runs an execution for each list of what the task answers, one after the other; an error's name is thrown. */
async function record(executions: (Json | string)[][]): Promise<VisitRecorder> {
  let answers: (Json | string)[] = [];
  const recorder = new VisitRecorder(parseDefinition(definition), {
    clock: systemClock,
    signal: new AbortController().signal,
    runTask: async () => {
      const answer = answers.shift() ?? null;
      if (typeof answer === 'string') throw new StateError(answer, 'as told');
      return answer;
    },
  });
  for (const each of executions) {
    answers = [...each];
    await recorder.run(1, {});
  }
  return recorder;
}

const large = { pad: 'x'.repeat(1_000) };
const kept = (recorder: VisitRecorder) =>
  recorder.visits().map(({ visit: { state, result, errorOutput } }) => [state.name, result ?? errorOutput]);

it('keeps the largest visit of each exit and error', async () => {
  const item = { Item: { id: { S: '1' } } };
  const largeItem = { Item: { id: { S: '12345' } } };
  const recorder = await record([[large, item], [item], [largeItem], ['DynamoDb.Denied'], ['DynamoDb.Broken']]);
  expect(kept(recorder)).toEqual([
    ['Ask', large],
    ['Ask', largeItem],
    ['Done', undefined],
    ['Ask', { Error: 'DynamoDb.Denied', Cause: 'as told' }],
    ['Ask', { Error: 'DynamoDb.Broken', Cause: 'as told' }],
  ]);
  expect(recorder.isComplete(1)).toBe(true);
});

it('counts a state that only failed as not visited', async () => {
  const recorder = await record([[large, large, large]]);
  expect(kept(recorder)).toContainEqual(['Ask', large]);
  expect(kept(recorder)).toContainEqual(['Ask', { Error: 'States.QueryEvaluationError', Cause: expect.anything() }]);
  expect(recorder.visited(1)).toBe(1);
  expect(recorder.isComplete(1)).toBe(false);
});
