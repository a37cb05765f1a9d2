import { expect, it } from '@jest/globals';
import type { Call, WireResponse } from '@tweet-pipes/local-aws';
import { crashInCall } from '../../src/chaos/crash-in-call.ts';
import type { CrashPoint } from '../../src/chaos/crash-point.ts';

const answer: WireResponse = { statusCode: 200, headers: {}, body: Buffer.alloc(0) };

function call(operation: string, url = '/'): Call {
  const request = { method: 'PUT', url, headers: {}, body: Buffer.alloc(0) };
  return {
    service: 's3',
    operation,
    request,
    context: { requestId: 'r', accessKeyId: 'k', region: 'us-east-1', accountId: '0' },
  };
}

/** The events, in order, when these calls are made one after the other, up to a crash. */
async function play(crashPoint: CrashPoint, calls: readonly Call[]): Promise<string[]> {
  const events: string[] = [];
  const intercept = crashInCall(crashPoint, () => {
    events.push('crash');
    throw new Error('crashed');
  });
  for (const one of calls) {
    const forward = async () => {
      events.push(`${one.operation} ${one.request.url}`);
      return answer;
    };
    try {
      await intercept(one, forward);
    } catch {
      return events;
    }
  }
  return events;
}

const calls = [
  call('GetObject'),
  call('PutObject', '/b/quarantine/1'),
  call('PutObject', '/b/deleted/2'),
  call('PutObject', '/b/deleted/3'),
];

it.each<[string, CrashPoint, string[]]>([
  [
    'before the second call',
    { how: 'kill-call', operation: 'PutObject', when: 'before', nth: 2 },
    ['GetObject /', 'PutObject /b/quarantine/1', 'crash'],
  ],
  [
    'after the first call with the address',
    { how: 'kill-call', operation: 'PutObject', when: 'after', nth: 1, of: '/deleted/' },
    ['GetObject /', 'PutObject /b/quarantine/1', 'PutObject /b/deleted/2', 'crash'],
  ],
  [
    'never when something else is planned',
    { how: 'kill', afterReadyMs: 5 },
    ['GetObject /', 'PutObject /b/quarantine/1', 'PutObject /b/deleted/2', 'PutObject /b/deleted/3'],
  ],
])('crashes %s', async (_, crashPoint, events) => {
  expect(await play(crashPoint, calls)).toEqual(events);
});
