import { describe, expect, it } from '@jest/globals';
import { formatRoute, parseRoute } from '../../src/app/route.ts';

const arn = 'arn:aws:states:us-east-1:000000000000:express:Ingest:a/b:c?d';

describe('a route', () => {
  it.each([
    ['', { view: '', query: {} }],
    ['#/', { view: '', query: {} }],
    ['#/executions', { view: 'executions', query: {} }],
    ['#executions?error=States.Timeout', { view: 'executions', query: { error: 'States.Timeout' } }],
    ['#/executions/a%2Fb', { view: 'executions', id: 'a/b', query: {} }],
    ['#/executions/%zz', { view: 'executions', id: '%zz', query: {} }],
  ])('is read from %j', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  it('comes back from its address', () => {
    const query = { state: 'Store & count', tab: 'ümlaut' };
    expect(parseRoute(formatRoute('executions', arn, query))).toEqual({ view: 'executions', id: arn, query });
  });

  it('leaves out what is empty', () => {
    expect(formatRoute('executions', undefined, { state: '', error: undefined })).toBe('#/executions');
  });
});
