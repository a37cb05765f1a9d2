import { afterEach, describe, expect, it } from '@jest/globals';

import { systemClock } from '@tweet-pipes/kit/clock';
import { createFaults } from '../../src/faults/create-faults.ts';
import { type Fixture, startFixture } from '../lambda/fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.stop());

const code =
  'let calls = 0; export const handler = async () => { console.log("runs"); return [process.pid, ++calls]; };';

async function startUnder(spec: string) {
  const faults = createFaults(spec, { clock: systemClock, log: () => {} });
  fixture = await startFixture({ faults: faults.functions });
  await fixture.deploy('flatten', code, { Timeout: 60 });
  faults.start({ pipes: [], functions: ['flatten'] });
  return faults;
}

describe('a function under faults', () => {
  it('throws, and works again in the same process', async () => {
    const faults = await startUnder('function.*:throw=100%x1');
    const first = await fixture.invoke('flatten');
    expect(first).toMatchObject({
      error: 'Unhandled',
      answer: { errorType: 'Error', errorMessage: 'Injected fault: the function throws.' },
    });
    expect(first.log).not.toContain('runs');
    expect(await fixture.invoke('flatten')).toMatchObject({ error: undefined, answer: [expect.any(Number), 1] });
    expect(faults.counts()).toEqual({ throw: 1 });
  });

  it('times out after its handler has run, long before its own timeout, and is replaced', async () => {
    const faults = await startUnder('function.flat*:timeout=100%x1@250ms');
    const first = await fixture.invoke('flatten');
    expect(first).toMatchObject({
      error: 'Unhandled',
      answer: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.25 seconds$/),
      },
    });
    expect(first.log).toContain('runs');
    expect(await fixture.invoke('flatten')).toMatchObject({ error: undefined, answer: [expect.any(Number), 1] });
    expect(faults.counts()).toEqual({ timeout: 1 });
  });

  it('loses its process, and gets another', async () => {
    const faults = await startUnder('function.*:crash=100%x1');
    expect(await fixture.invoke('flatten')).toMatchObject({
      error: 'Unhandled',
      answer: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
      },
    });
    expect(await fixture.invoke('flatten')).toMatchObject({ error: undefined, answer: [expect.any(Number), 1] });
    expect(faults.counts()).toEqual({ crash: 1 });
  });
});
