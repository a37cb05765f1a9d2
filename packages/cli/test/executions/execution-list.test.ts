import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExecutionCollection } from '../../src/executions/execution-list.ts';
import { executionEvent } from './fake-log.ts';

const nowMs = 1_000_000_000;
let list: ExecutionCollection;
beforeEach(() => {
  list = new ExecutionCollection(10);
});

describe('a collection of executions', () => {
  it('knows an execution by its start and end, in any order', () => {
    list.add([
      executionEvent(1, 'ExecutionSucceeded', nowMs - 100),
      executionEvent(1, 'ExecutionStarted', nowMs - 500, { input: '[1,2,3]' }),
    ]);
    const [arn] = list.changedSince(0, nowMs).map((one) => one.arn);
    expect(list.changedSince(0, nowMs)).toEqual([
      { arn, startMs: nowMs - 500, endMs: nowMs - 100, status: 'succeeded', records: 3 },
    ]);
  });

  it.each([
    ['ExecutionFailed', { error: 'Bad' }, { status: 'failed', error: 'Bad' }],
    ['ExecutionTimedOut', {}, { status: 'timedOut', error: 'States.Timeout' }],
    ['ExecutionAborted', {}, { status: 'aborted' }],
  ])('tells %s', (type, details, expected) => {
    list.add([executionEvent(1, type, nowMs, details)]);
    expect(list.changedSince(0, nowMs)).toMatchObject([expected]);
  });

  it('calls one without an end running, and lost after six minutes', () => {
    list.add([
      executionEvent(1, 'ExecutionStarted', nowMs - 1_000),
      executionEvent(2, 'ExecutionStarted', nowMs - 361_000),
    ]);
    expect(list.changedSince(0, nowMs).map(({ status }) => status)).toEqual(['running', 'lost']);
  });

  it('gives what changed, and what has no end', () => {
    const twice = [1, 2, 3].map((n) => executionEvent(n, 'ExecutionStarted', nowMs));
    list.add([...twice, executionEvent(3, 'ExecutionSucceeded', nowMs + 1)]);
    const { version } = list;
    list.add([...twice, executionEvent(2, 'ExecutionSucceeded', nowMs + 5)]);
    const changed = list.changedSince(version, nowMs).map(({ status, endMs }) => ({ status, endMs }));
    expect(changed).toEqual([
      { status: 'running', endMs: undefined },
      { status: 'succeeded', endMs: nowMs + 5 },
    ]);
  });

  it('keeps the latest and says that there were more', () => {
    list.add(Array.from({ length: 25 }, (_, n) => executionEvent(n, 'ExecutionStarted', nowMs + n)));
    expect(list.changedSince(0, nowMs).map(({ startMs }) => startMs)).toEqual(
      Array.from({ length: 10 }, (_, n) => nowMs + 15 + n),
    );
    expect(list).toMatchObject({ isCapped: true, droppedBeforeMs: nowMs + 15 });
    list.add([executionEvent(1, 'ExecutionStarted', nowMs + 1)]);
    expect(list.changedSince(0, nowMs)).toHaveLength(10);
  });

  it('takes no records from an input that was cut', () => {
    list.add([executionEvent(1, 'ExecutionStarted', nowMs, { input: '[{"a":1},{"b' })]);
    expect(list.changedSince(0, nowMs)[0]).not.toHaveProperty('records');
  });
});
