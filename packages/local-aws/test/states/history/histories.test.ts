import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { StateError } from '../../../src/states/errors.ts';
import type { TaskRunner } from '../../../src/states/integrations/integration.ts';
import { runStates } from '../fixture.ts';
import cases from './cases/histories.json' with { type: 'json' };

/** Id, previous id and type of each event; its details where the case states them. */
type Expected = [id: string, previousId: string, type: string, details?: unknown];

const runTask: TaskRunner = async (call) => {
  if (call.arguments.FunctionName === 'fails') throw new StateError('Exception', 'Some exception was raised.');
  return { answered: true };
};

describe('the history of an execution', () => {
  it.each(cases.map((each) => [each.name, each] as const))('tells of %s as AWS does', async (_, each) => {
    const clock = new ManualClock();
    const running = runStates(each.states, { clock, runTask });
    await clock.advance(10_000);
    const events = (await running).events();
    const expected = each.events as Expected[];
    expect(events.map(({ id, previous_event_id, type }) => [id, previous_event_id, type])).toEqual(
      expected.map(([id, previousId, type]) => [id, previousId, type]),
    );
    for (const [id, , , details] of expected) {
      if (details !== undefined) expect(events[Number(id) - 1]?.details).toEqual(details);
    }
  });

  it('frames each event as CloudWatch holds it, numbers as text', async () => {
    const { events } = await runStates({ P: { Type: 'Succeed' } });
    expect(events()[0]).toEqual({
      id: '1',
      type: 'ExecutionStarted',
      details: expect.any(Object),
      previous_event_id: '0',
      event_timestamp: '1767225600000',
      execution_arn: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:express:/),
      redrive_count: '0',
    });
  });

  it('chains the events of each lane of a Map separately', async () => {
    const clock = new ManualClock();
    const inner = { StartAt: 'I', States: { I: { Type: 'Wait', Seconds: 1, End: true } } };
    const running = runStates({ M: { Type: 'Map', Items: [1, 2], ItemProcessor: inner, End: true } }, { clock });
    await clock.advance(5_000);
    const started = (await running).events().filter(({ type }) => type === 'MapIterationStarted');
    // Recorded on AWS, localstack test_timeouts: iterations that run at once all follow MapStateStarted.
    expect(started.map(({ previous_event_id }) => previous_event_id)).toEqual(['3', '3']);
  });

  it('records which iterations were aborted when one failed', async () => {
    const inner = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'F' }], Default: 'W' },
        F: { Type: 'Fail', Error: 'E' },
        W: { Type: 'Wait', Seconds: 60, End: true },
      },
    };
    const { events, error } = await runStates({
      M: { Type: 'Map', Items: [1, 2, 3], ItemProcessor: inner, End: true },
    });
    expect(error).toBe('E');
    const all = events();
    const failed = all.find(({ type }) => type === 'MapIterationFailed');
    const aborted = all.filter(({ type }) => type === 'MapIterationAborted');
    expect(failed?.details).toEqual({ index: 1, name: 'M' });
    expect(aborted.map(({ details, previous_event_id }) => [details.index, previous_event_id])).toEqual([
      [0, failed?.previous_event_id],
      [2, failed?.previous_event_id],
    ]);
  });
});
