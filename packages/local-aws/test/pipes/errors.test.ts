import { describe, expect, it } from '@jest/globals';
import { deliveryFailure, type FailureKind } from '../../src/pipes/errors.ts';
import { failure } from './fixture.ts';

function thrown(name: string, metadata?: { httpStatusCode?: number; requestId?: string }): Error {
  return Object.assign(
    new Error('as the service says'),
    { name },
    metadata === undefined ? {} : { $metadata: metadata },
  );
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html; the line between the
// classes is from memory.
const cases: [what: string, error: unknown, kind: FailureKind, throttled: boolean][] = [
  ['a refused connection', thrown('ECONNREFUSED', {}), 'internal', false],
  ['a timeout', thrown('TimeoutError', {}), 'internal', false],
  ['a server error', thrown('InternalServerError', { httpStatusCode: 500 }), 'internal', false],
  ['an unavailable service', thrown('ServiceUnavailableException', { httpStatusCode: 503 }), 'internal', true],
  ['throttling by status', thrown('Anything', { httpStatusCode: 429 }), 'internal', true],
  ['throttling by name', thrown('ThrottlingException', { httpStatusCode: 400 }), 'internal', true],
  ['missing permission', thrown('AccessDeniedException', { httpStatusCode: 403 }), 'customer', false],
  ['a missing resource', thrown('ResourceNotFoundException', { httpStatusCode: 400 }), 'customer', false],
  ['an error that is not the SDK’s', new TypeError('x is not a function'), 'customer', false],
  ['something that is no error', 'oops', 'customer', false],
];

describe('failed calls are classified', () => {
  it.each(cases)('%s', (_, error, kind, throttled) => {
    const weighed = deliveryFailure(error, 'states');
    expect({ kind: weighed.kind, throttled: weighed.throttled, service: weighed.service }).toEqual({
      kind,
      throttled,
      service: 'states',
    });
  });

  it('keeps an earlier classification', () => {
    const fatal = failure('fatal');
    expect(deliveryFailure(fatal, 'pipes')).toBe(fatal);
  });
});
