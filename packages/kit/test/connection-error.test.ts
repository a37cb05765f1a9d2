import { describe, expect, it } from '@jest/globals';
import { connectionProblem } from '../src/connection-error.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('a call without an answer', () => {
  it.each([
    [coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:4566'), 'connect ECONNREFUSED 127.0.0.1:4566'],
    [coded('ECONNREFUSED', ''), 'ECONNREFUSED'],
    [coded('ECONNRESET', 'socket hang up'), 'socket hang up'],
    [coded('ERR_HTTP2_STREAM_CANCEL', 'The pending stream has been canceled'), 'The pending stream has been canceled'],
    [new Error('AWS SDK error wrapper for Error: connect ECONNREFUSED ::1:4566'), 'connect ECONNREFUSED ::1:4566'],
    [named('TimeoutError', 'The request took too long.'), 'The request took too long.'],
  ])('is told by its code, its name or its message: %s', (error, problem) => {
    expect(connectionProblem(error)).toBe(problem);
  });

  it.each([
    [named('ResourceNotFoundException', 'Stream tweets not found')],
    [coded('ERR_INVALID_ARG_TYPE', 'The argument must be a string')],
    ['connect ECONNREFUSED'],
    [undefined],
  ])('is not: %s', (error) => {
    expect(connectionProblem(error)).toBeUndefined();
  });
});
