import { describe, expect, it } from '@jest/globals';
import { readHistory } from '../../src/executions/read-history.ts';
import { stateMachineOf, stateNames } from '../../src/executions/workflow.ts';
import { FakeLog } from './fake-log.ts';
import { runWorkflow } from './run-workflow.ts';

describe('the history of an execution', () => {
  it('has each event once and in order, and is whole with the first', async () => {
    const log = new FakeLog();
    const events = await runWorkflow({ states: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } } });
    log.events.push(...events.toReversed(), ...events);
    const request = {
      logGroupName: 'g',
      executionArn: events[0]?.executionArn ?? '',
      nowMs: (events[0]?.atMs ?? 0) + 100,
    };
    const { atMs = 0 } = events[0] ?? {};
    expect(await readHistory(log.read, { ...request, atMs })).toEqual({ events, isWhole: true });
    expect(await readHistory(log.read, request)).toEqual({ events, isWhole: true });
    log.events.splice(0, log.events.length, ...events.slice(2));
    expect(await readHistory(log.read, { ...request, atMs })).toEqual({ events: events.slice(2), isWhole: false });
  });

  it('is empty for an execution that the log does not have', async () => {
    const request = { logGroupName: 'g', executionArn: 'arn:none', nowMs: 0 };
    expect(await readHistory(new FakeLog().read, request)).toEqual({ events: [], isWhole: false });
  });
});

describe('a workflow', () => {
  it.each([
    ['arn:aws:states:us-east-1:1:express:Ingest:a:b', 'arn:aws:states:us-east-1:1:stateMachine:Ingest'],
    ['arn:aws-cn:states:cn-north-1:1:express:Ingest:a:b', 'arn:aws-cn:states:cn-north-1:1:stateMachine:Ingest'],
    ['arn:aws:states:us-east-1:1:execution:Ingest:a', undefined],
    ['', undefined],
  ])('of the execution %j is %j', (executionArn, arn) => expect(stateMachineOf(executionArn)).toBe(arn));

  it('names its states, also those inside', () => {
    const inner = { States: { B: { Type: 'Pass' } } };
    const states = {
      A: { Type: 'Map', ItemProcessor: inner },
      C: { Type: 'Parallel', Branches: [{ States: { D: {} } }] },
    };
    expect(stateNames({ States: states })).toEqual(['A', 'B', 'C', 'D']);
    expect(stateNames(null)).toEqual([]);
  });
});
