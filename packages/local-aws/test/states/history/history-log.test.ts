import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { HistoryLog, type LogLevel } from '../../../src/states/history/history-log.ts';

const executionArn = 'arn:aws:states:us-east-1:000000000000:express:Workflow:e:1';

function logged(level: LogLevel, includeExecutionData = true) {
  const log = new HistoryLog({ executionArn, clock: new ManualClock(), level, includeExecutionData });
  log.record('ExecutionStarted', 0, { facts: { roleArn: 'r' }, input: 1 });
  log.record('FailStateEntered', 0, { facts: { name: 'F' }, input: 1 });
  log.record('TaskScheduled', 2, { facts: { resource: 'invoke' }, parameters: { a: 1 } });
  log.record('TaskTimedOut', 3, { facts: { error: 'States.Timeout' } });
  log.record('EvaluationFailed', 4, { facts: { error: 'E', cause: 'C' } });
  log.record('PassStateExited', 5, { facts: { name: 'P' }, output: 2, assignedVariables: [['v', 3]] });
  log.record('ExecutionFailed', 6, { facts: { error: 'E' } });
  return log.events();
}

describe('log levels', () => {
  it('ALL logs everything', () => {
    expect(logged('ALL')).toHaveLength(7);
  });

  it('ERROR logs failures, timeouts and the entry of Fail states, with the ids of the full history', () => {
    expect(logged('ERROR').map(({ id, type }) => [id, type])).toEqual([
      ['2', 'FailStateEntered'],
      ['4', 'TaskTimedOut'],
      ['5', 'EvaluationFailed'],
      ['7', 'ExecutionFailed'],
    ]);
  });

  it('FATAL logs failed ends of executions, OFF logs nothing', () => {
    expect(logged('FATAL').map(({ type }) => type)).toEqual(['ExecutionFailed']);
    expect(logged('OFF')).toEqual([]);
  });

  it('without execution data leaves out payloads and keeps names, errors and causes', () => {
    expect(logged('ALL', false).map(({ details }) => details)).toEqual([
      { roleArn: 'r' },
      { name: 'F' },
      { resource: 'invoke' },
      { error: 'States.Timeout' },
      { error: 'E', cause: 'C' },
      { name: 'P' },
      { error: 'E' },
    ]);
  });
});

describe('big payloads', () => {
  const limit = 248 * 1024;

  it('are cut at 248 KB of escaped text and marked as truncated', () => {
    const log = new HistoryLog({ executionArn, clock: new ManualClock() });
    log.record('ExecutionStarted', 0, { input: '"'.repeat(100_000) });
    const details = log.events()[0]?.details;
    expect(details?.inputDetails).toEqual({ truncated: true });
    const bytes = Buffer.byteLength(JSON.stringify(details?.input)) - 2;
    expect(bytes).toBeLessThanOrEqual(limit);
    expect(bytes).toBeGreaterThan(limit - 8);
  });

  it('are kept whole up to that size', () => {
    const log = new HistoryLog({ executionArn, clock: new ManualClock() });
    // The quotes around the text are escaped, two bytes each.
    log.record('ExecutionStarted', 0, { input: 'x'.repeat(limit - 4) });
    log.record('ExecutionStarted', 0, { input: 'x'.repeat(limit - 3) });
    expect(log.events().map(({ details }) => details.inputDetails)).toEqual([
      { truncated: false },
      { truncated: true },
    ]);
  });
});
