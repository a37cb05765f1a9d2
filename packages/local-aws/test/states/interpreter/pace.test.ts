import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '../../../src/states/definition/parse-definition.ts';
import { runExecution } from '../../../src/states/interpreter/run-execution.ts';
import { definitionText, task } from '../fixture.ts';

const definition = parseDefinition(
  definitionText({
    Both: {
      Type: 'Map',
      Items: [1, 2],
      ItemProcessor: { StartAt: 'Ask', States: { Ask: task({ End: true }) } },
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  }),
);

it('waits for the pace before each state and before each call, in iterations too', async () => {
  const waits: string[] = [];
  const { status } = await runExecution({
    definition,
    input: {},
    clock: new ManualClock(),
    random: seededRandom(1),
    runTask: async () => {
      waits.push('call');
      return {};
    },
    pace: async (kind) => void waits.push(kind),
  });
  expect(status).toBe('SUCCEEDED');
  expect(waits).toEqual(['state', 'state', 'state', 'task', 'task', 'call', 'call', 'state']);
});

it('ends the wait and the execution on abort', async () => {
  const stop = new AbortController();
  const { status } = await runExecution({
    definition,
    input: {},
    clock: new ManualClock(),
    random: seededRandom(1),
    runTask: async () => ({}),
    signal: stop.signal,
    pace: (_kind, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
        stop.abort();
      }),
  });
  expect(status).toBe('ABORTED');
});
