import { describe, expect, it } from '@jest/globals';
import { logJson, logLine } from '../../src/logs/log-line.ts';
import type { SourceKind } from '../../src/logs/log-source.ts';
import type { SourceEvent } from '../../src/logs/read-events.ts';

const execution_arn = 'arn:aws:states:us-east-1:000000000000:express:W:6289da6f-6436-4a3a:adc60b3e-db8e';

function eventOf(kind: SourceKind, message: string): SourceEvent {
  const source = { kind, name: 'Name', label: 'Ingest', logGroupName: '/g' };
  return { source, logStreamName: 's', atMs: Date.parse('2026-11-29T08:30:00.123Z'), message, id: '1' };
}

/** The text behind time and source; a failure is in `<b>`. */
function textOf(kind: SourceKind, message: string | object): string {
  const event = eventOf(kind, typeof message === 'string' ? message : JSON.stringify(message));
  const line = logLine(event, 'workflow Ingest'.length, (text) => `<b>${text}</b>`);
  expect(line).not.toContain('\n');
  return line.slice('2026-11-29 08:30:00.123  workflow Ingest  '.length);
}

describe('a line for people', () => {
  it.each<[SourceKind, string | object, string]>([
    ['workflow', { type: 'ExecutionSucceeded', execution_arn, details: {} }, '6289da6f ExecutionSucceeded'],
    [
      'workflow',
      { type: 'TaskFailed', execution_arn, details: { resource: 'updateItem', error: 'E', cause: 'C' } },
      '<b>6289da6f TaskFailed updateItem E: C</b>',
    ],
    [
      'workflow',
      { type: 'PassStateEntered', execution_arn, details: { name: 'P', input: '{"a":1}' } },
      '6289da6f PassStateEntered P input {"a":1}',
    ],
    [
      'workflow',
      { type: 'MapIterationStarted', execution_arn, details: { name: 'M', index: 3 } },
      '6289da6f MapIterationStarted M[3]',
    ],
    [
      'pipe',
      {
        executionId: 'b86bba42-eee3',
        messageType: 'EXECUTION_FAILED',
        error: { message: 'Boom', details: 'it failed', awsService: 'states' },
      },
      '<b>b86bba42 EXECUTION_FAILED states Boom: it failed</b>',
    ],
    ['pipe', { executionId: 'b86bba42-eee3', messageType: 'EXECUTION_STARTED' }, 'b86bba42 EXECUTION_STARTED'],
    ['delivery', { errorCode: 'S3.AccessDenied', message: 'Access Denied' }, '<b>S3.AccessDenied: Access Denied</b>'],
    [
      'function',
      '2026-11-29T08:30:00.123Z\tr\tERROR\tInvoke Error \t{}',
      '<b>2026-11-29T08:30:00.123Z r ERROR Invoke Error {}</b>',
    ],
    ['function', 'two\nlines\u001b[31m <b>', 'two lines\u{FFFD}[31m <b>'],
    ['group', '{"a":1}', '{"a":1}'],
    ['workflow', { a: '\u001b[2J' }, '{"a":"\\u001b[2J"}'],
  ])('of a %s: %j', (kind, message, text) => {
    expect(textOf(kind, message)).toBe(text);
  });

  it('is cut where it would be long', () => {
    const text = textOf('function', '😀'.repeat(1000));
    expect([...text].length).toBeLessThan(402);
    expect(text).toMatch(/^😀+…$/u);
  });
});

it('a line of JSON has all, and no control characters', () => {
  expect(JSON.parse(logJson(eventOf('workflow', '{"type":"A"}')))).toEqual({
    at: '2026-11-29T08:30:00.123Z',
    kind: 'workflow',
    name: 'Name',
    logGroup: '/g',
    logStream: 's',
    message: { type: 'A' },
  });
  const line = logJson(eventOf('function', 'red \u001b[31m\u009b\n'));
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(line).message).toBe('red \u001b[31m\u009b\n');
});
