import { describe, expect, it } from '@jest/globals';
import { RecordedMetrics } from '../../cloudwatch/recorded-metrics.ts';
import { definitionText } from '../fixture.ts';
import { call, setUp } from '../service-fixture.ts';

const arn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow';
const definition = (state: Record<string, unknown>) => definitionText({ S: state });

describe('the metrics of executions', () => {
  it.each([
    ['ExecutionsSucceeded', { Type: 'Wait', Seconds: 2, End: true }, 2_000],
    ['ExecutionsFailed', { Type: 'Fail', Error: 'Boom' }, 0],
  ])('count %s and how long each took', async (name, state, ms) => {
    const metrics = new RecordedMetrics();
    const { service, clock } = setUp({ metrics });
    const roleArn = 'arn:aws:iam::111122223333:role/r';
    await call(service, 'CreateStateMachine', {
      name: 'Workflow',
      definition: definition(state),
      roleArn,
      type: 'EXPRESS',
    });
    const ended = call(service, 'StartSyncExecution', { stateMachineArn: arn });
    await clock.advance(2_000);
    await ended;
    const of = (metric: string) => metrics.of('AWS/States', metric, arn);

    expect(of('ExecutionsStarted')).toEqual([1]);
    expect(of(name)).toEqual([1]);
    expect(of('ExecutionTime')).toEqual([ms]);
    expect(of('ExpressExecutionBilledDuration')).toEqual([Math.max(100, ms)]);
    expect(of('ExpressExecutionBilledMemory')).toEqual([64]);
  });
});
