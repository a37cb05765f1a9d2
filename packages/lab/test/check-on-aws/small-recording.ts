import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import { runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import type { Recording } from '../../src/check-on-aws/record-visits.ts';
import type { RecordedVisit } from '../../src/check-on-aws/visit-recorder.ts';

const put = {
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
  Arguments: { TableName: 'tweets', Item: { id: { S: '{% $states.input %}' } } },
  Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, MaxDelaySeconds: 2, IntervalSeconds: 1 }],
  Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Refused' }],
  End: true,
};

/** A workflow of every kind of state that a check meets: variables, a Map, mocks, errors, times and random values. */
const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Begin',
  States: {
    Begin: {
      Type: 'Pass',
      Assign: { ids: '{% [$states.input.id] %}', seen: { at: '{% $now() %}', by: '{% $uuid() %}' } },
      Output: { now: '{% $millis() %}', text: '❤️ 👍🏽' },
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      Items: '{% $ids %}',
      ItemProcessor: { StartAt: 'Put', States: { Put: put, Refused: { Type: 'Succeed' } } },
      Next: 'Which',
    },
    Which: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $count($states.input) > 1 %}', Next: 'Stop' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
    Stop: { Type: 'Fail', Error: 'TooMany' },
  },
});

/** A recording of batches of one and two. The second task always fails. */
export async function recordSmall(): Promise<Recording> {
  const visits: RecordedVisit[] = [];
  for (const batch of [1, 2]) {
    await runExecution({
      definition: parseDefinition(definition),
      input: Array.from({ length: batch }, (_, index) => ({ id: `tweet-${index + 1}` })),
      runTask: async ({ arguments: { Item } }) => {
        if (JSON.stringify(Item).includes('tweet-2')) throw new StateError('DynamoDb.Refused', 'as told');
        return {};
      },
      clock: { now: () => systemClock.now(), sleep: (ms, signal) => systemClock.sleep(ms > 10_000 ? ms : 0, signal) },
      random: systemRandom,
      onVisit: (visit) => visits.push({ batch, visit }),
    });
  }
  return { definition, states: ['Begin', 'Each', 'Put', 'Refused', 'Which', 'Done', 'Stop'], visits };
}
