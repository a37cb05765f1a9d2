import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import type { Operation } from '@tweet-pipes/local-aws/gateway/local-service';
import { startStatesEndpoint } from '../../../local-aws/test/states/states-endpoint.ts';
import { checkDefinition, checkStates } from '../../src/check-on-aws/check-states.ts';
import type { Recording } from '../../src/check-on-aws/record-visits.ts';
import { recordSmall } from './small-recording.ts';

const deep =
  "The JSONata expression 'x' specified for the field 'Output' threw an error during evaluation. Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";

/** Answers as the local service, except to the states named. */
const elsewhere =
  (answers: Record<string, (local: object) => object>) =>
  (testState: Operation): Operation =>
  async (input, context) => {
    const local = await testState(input, context);
    return answers[String(input.stateName)]?.(local) ?? local;
  };

async function check(recording: Recording, answers: Record<string, (local: object) => object> = {}) {
  const aws = await startStatesEndpoint(elsewhere(answers));
  try {
    const means = { sfn: aws.clients.sfn, clock: systemClock, signal: new AbortController().signal };
    const checks = await checkStates(recording, means);
    return { checks, definition: await checkDefinition(recording.definition, means) };
  } finally {
    await aws.stop();
  }
}

async function checked(answers: Record<string, (local: object) => object> = {}) {
  const { checks } = await check(await recordSmall(), answers);
  return checks.map(({ state, batch, verdict, words }) => `${state} ${batch} ${verdict}: ${words}`);
}

describe('the check of states', () => {
  it('finds the same everywhere at an endpoint that computes the same, whatever the time', async () => {
    expect(await checked()).toEqual([
      'Begin 1 same: SUCCEEDED → Each',
      'Begin 2 same: SUCCEEDED → Each',
      'Each 1 same: SUCCEEDED → Which',
      'Each 2 same: SUCCEEDED → Which',
      'Put 1 same: SUCCEEDED',
      'Put 2 same: SUCCEEDED',
      'Put 2 same: CAUGHT_ERROR DynamoDb.Refused → Refused',
      'Refused 2 same: SUCCEEDED',
      'Which 1 same: SUCCEEDED → Done',
      'Which 2 same: SUCCEEDED → Stop',
      'Done 1 same: SUCCEEDED',
      'Stop 2 same: FAILED TooMany',
    ]);
  });

  it('shows the words of AWS for a state that fails there, is refused there, or computes something else', async () => {
    const checks = await checked({
      Begin: () => ({ status: 'FAILED', error: 'States.QueryEvaluationError', cause: deep }),
      Put: () => {
        throw new AwsError('ValidationException', "Mock result schema validation error: Field 'X' must be a string");
      },
      Which: (local) => ({ ...local, output: '[{"a":1}]', nextState: 'Done' }),
      Stop: () => ({ status: 'SUCCEEDED', output: '1' }),
    });
    expect(checks).toEqual(
      expect.arrayContaining([
        `Begin 1 failed: States.QueryEvaluationError: ${deep}`,
        "Put 2 refused: ValidationException: Mock result schema validation error: Field 'X' must be a string",
        'Which 1 different: output[0].a: nothing here, 1 there',
        'Which 2 different: nextState: "Stop" here, "Done" there',
        'Stop 2 different: error: "TooMany" here, null there',
      ]),
    );
  });

  it('does not send a request over a megabyte', async () => {
    const recording = await recordSmall();
    const [first] = recording.visits;
    if (first === undefined) throw new Error('Nothing was recorded.');
    const visit = { ...first.visit, variables: { big: 'x'.repeat(1_048_576) } };
    const { checks } = await check({ ...recording, visits: [{ batch: 1, visit }] });
    expect(checks).toEqual([
      {
        state: 'Begin',
        batch: 1,
        verdict: 'too large',
        words: expect.stringMatching(/^not sent: \d+ bytes, AWS takes 1048576 a request$/),
      },
    ]);
  });

  it('says what the local runtime alone refuses', async () => {
    const recording = await recordSmall();
    const visits = recording.visits.filter(({ visit }) => visit.state.name === 'Each').slice(0, 1);
    const [each] = visits;
    if (each === undefined) throw new Error('Each was not recorded.');
    const visit = { ...each.visit, result: { no: 'list' } };
    const accepting = () => async () => ({ status: 'SUCCEEDED', output: '1', nextState: 'Which' });
    const aws = await startStatesEndpoint(accepting);
    try {
      const means = { sfn: aws.clients.sfn, clock: systemClock, signal: new AbortController().signal };
      expect(await checkStates({ ...recording, visits: [{ batch: 1, visit }] }, means)).toMatchObject([
        {
          verdict: 'different',
          words: 'error: "ValidationException: Mocked result must be an array." here, null there',
        },
      ]);
    } finally {
      await aws.stop();
    }
  });

  it('does not hide that nothing may be called', async () => {
    const refuse = () => {
      throw new AwsError('AccessDeniedException', 'not authorized to perform: states:TestState');
    };
    await expect(check(await recordSmall(), { Done: refuse })).rejects.toThrow('not authorized');
  });

  it('validates the definition as an Express one', async () => {
    const { definition } = await check({ ...(await recordSmall()), visits: [] });
    expect(definition).toMatchObject({ result: 'OK', diagnostics: [] });
    const loop = '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}';
    expect((await check({ definition: loop, states: [], visits: [] })).definition).toMatchObject({
      result: 'FAIL',
      diagnostics: [
        "ERROR MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
        'ERROR MISSING_END_STATE: Workflow has no terminal state',
      ],
    });
  });
});
