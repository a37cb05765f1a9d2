import { expect, it } from '@jest/globals';
import { RecordedMetrics } from '../cloudwatch/recorded-metrics.ts';
import { startFixture } from './fixture.ts';

it('counts invocations, errors and their duration', async () => {
  const metrics = new RecordedMetrics();
  const fixture = await startFixture({ metrics });
  try {
    await fixture.deploy('job', 'export const handler = async ({ fails }) => { if (fails) throw new Error("no"); };');
    for (const fails of [false, true]) {
      await fixture.call('Invoke', { FunctionName: 'job', Payload: Buffer.from(JSON.stringify({ fails })) });
    }

    expect(metrics.of('AWS/Lambda', 'Invocations', 'job')).toEqual([1, 1]);
    expect(metrics.of('AWS/Lambda', 'Errors', 'job')).toEqual([0, 1]);
    expect(metrics.of('AWS/Lambda', 'Duration', 'job')).toHaveLength(2);
    expect(metrics.of('AWS/Lambda', 'ConcurrentExecutions', 'job')).toEqual([1, 1]);
  } finally {
    await fixture.stop();
  }
});
