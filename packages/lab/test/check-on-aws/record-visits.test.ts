import { expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { startStatesEndpoint } from '../../../local-aws/test/states/states-endpoint.ts';
import { checkDefinition, checkStates } from '../../src/check-on-aws/check-states.ts';
import { recordVisits } from '../../src/check-on-aws/record-visits.ts';
import { requestBytes, stateRequest } from '../../src/check-on-aws/state-request.ts';

/** Twenty times as fast as the quota of AWS, which the check keeps. */
const fast = { now: () => systemClock.now() * 20, sleep: (ms: number) => systemClock.sleep(ms / 20) };

it('reaches every state of the workflow, with requests that AWS takes and the local endpoint answers alike', async () => {
  const signal = new AbortController().signal;
  const recording = await recordVisits({ batches: [100], clock: systemClock, signal });
  const reached = new Set(recording.visits.map(({ visit }) => visit.state.name));
  expect(recording.states.filter((state) => !reached.has(state))).toEqual([]);
  const bytes = recording.visits.map(({ visit }) => requestBytes(stateRequest(recording.definition, visit)));
  expect(Math.max(...bytes)).toBeLessThan(1_000_000);
  const aws = await startStatesEndpoint();
  try {
    // Wait states would really wait.
    const visits = recording.visits.filter(({ visit }) => visit.state.type !== 'Wait');
    const means = { sfn: aws.clients.sfn, clock: fast, signal };
    const checks = await checkStates({ ...recording, visits }, means);
    expect(checks.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
    expect(await checkDefinition(recording.definition, means)).toMatchObject({ result: 'OK', diagnostics: [] });
  } finally {
    await aws.stop();
  }
});
