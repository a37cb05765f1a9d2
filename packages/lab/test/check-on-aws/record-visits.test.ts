import { expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { startStatesEndpoint } from '../../../local-aws/test/states/states-endpoint.ts';
import { checkDefinition, checkStates } from '../../src/check-on-aws/check-states.ts';
import { recordVisits } from '../../src/check-on-aws/record-visits.ts';
import { requestBytes, stateRequest } from '../../src/check-on-aws/state-request.ts';
import { visitedStates } from '../../src/check-on-aws/visit-recorder.ts';

/** Twenty times as fast as the quota of AWS, which the check keeps. */
const fast = { now: () => systemClock.now() * 20, sleep: (ms: number) => systemClock.sleep(ms / 20) };

it('reaches every state of the workflow, with requests that AWS takes and the local endpoint answers alike', async () => {
  const signal = new AbortController().signal;
  const recording = await recordVisits({ batches: [100], clock: systemClock, signal });
  const visited = visitedStates(recording.visits);
  expect(recording.states.filter((state) => !visited.has(state))).toEqual([]);
  const bytes = recording.visits.map(({ visit }) => requestBytes(stateRequest(recording.definition, visit)));
  expect(Math.max(...bytes)).toBeLessThan(1_000_000);
  const aws = await startStatesEndpoint();
  try {
    // Wait states would really wait.
    const visits = recording.visits.filter(({ visit }) => visit.state.type !== 'Wait');
    const means = { sfn: aws.clients.sfn, clock: fast, signal };
    const checks = await checkStates({ ...recording, visits }, means);
    expect(checks.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
    const exits = checks.map(({ state, words }) => `${state} → ${/→ (\w+)/.exec(words)?.[1] ?? 'end'}`);
    expect(exits.sort()).toEqual(visits.map(({ visit }) => `${visit.state.name} → ${visit.next ?? 'end'}`).sort());
    expect(await checkDefinition(recording.definition, means)).toMatchObject({ result: 'OK', diagnostics: [] });
  } finally {
    await aws.stop();
  }
});
