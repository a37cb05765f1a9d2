import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '../../../src/states/definition/parse-definition.ts';
import { type ExecutionRequest, runExecution } from '../../../src/states/interpreter/run-execution.ts';
import { Turns } from '../../../src/states/interpreter/turns.ts';
import { definitionText, task } from '../fixture.ts';

const ITERATIONS = 10;
const definition = parseDefinition(
  definitionText({
    Each: {
      Type: 'Map',
      Items: `{% [1..${ITERATIONS}] %}`,
      MaxConcurrency: 1,
      ItemProcessor: { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } },
      End: true,
    },
  }),
);
const calls = parseDefinition(
  definitionText({
    Each: {
      Type: 'Map',
      Items: `{% [1..${ITERATIONS}] %}`,
      ItemProcessor: { StartAt: 'Call', States: { Call: task({ End: true }) } },
      End: true,
    },
  }),
);
const run = (options: Pick<ExecutionRequest, 'turns' | 'signal'>) =>
  runExecution({
    ...{ definition, input: {}, clock: new ManualClock(), random: seededRandom(1), runTask: async () => ({}) },
    ...options,
  });

/** How often the event loop went on while the Map ran. */
async function countTurns(turns: Turns | undefined): Promise<number> {
  let count = 0;
  let isRunning = true;
  const goOn = () => {
    if (!isRunning) return;
    count += 1;
    setImmediate(goOn);
  };
  setImmediate(goOn);
  const { status } = await run(turns === undefined ? {} : { turns });
  isRunning = false;
  expect(status).toBe('SUCCEEDED');
  return count;
}

it('lets the event loop go on between states that take long', async () => {
  let nowMs = 0;
  const slow = new Turns(() => {
    nowMs += 1;
    return nowMs;
  });
  expect(await countTurns(slow)).toBeGreaterThanOrEqual(ITERATIONS / 2);
});

it('keeps the event loop for states that take no time, after the first turn', async () => {
  expect(await countTurns(new Turns(() => 0))).toBe(1);
  expect(await countTurns(undefined)).toBe(0);
});

it('sends the calls of a turn before the next one begins', async () => {
  let nowMs = 0;
  const slow = new Turns(() => {
    nowMs += 1;
    return nowMs;
  });
  const order: ('called' | 'sent')[] = [];
  const { status } = await runExecution({
    ...{ definition: calls, input: {}, clock: new ManualClock(), random: seededRandom(1), turns: slow },
    async runTask() {
      order.push('called');
      for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
      order.push('sent');
      return {};
    },
  });
  expect(status).toBe('SUCCEEDED');
  expect(order.indexOf('sent')).toBe(1);
});

it('ends an execution that is stopped while it waits', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const { status } = await run({ turns: new Turns(() => 0), signal: stop.signal });
  expect(status).toBe('ABORTED');
});

it('gives the next turn to all that wait for it', async () => {
  let nowMs = 5;
  const turns = new Turns(() => nowMs);
  expect(turns.isOver).toBe(true);
  await Promise.all([turns.next(), turns.next()]);
  expect(turns.isOver).toBe(false);
  nowMs = 7;
  expect(turns.isOver).toBe(true);
});
