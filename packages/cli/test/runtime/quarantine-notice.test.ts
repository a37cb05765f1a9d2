import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Call, WireResponse } from '@tweet-pipes/local-aws';
import { quarantineNotice } from '../../src/runtime/quarantine-notice.ts';

const answer = (statusCode: number): WireResponse => ({ statusCode, headers: {}, body: Buffer.alloc(0) });
const put = (url: string, reason = 'no-id', operation = 'PutObject'): Call => ({
  service: 's3',
  operation,
  request: { method: 'PUT', url, headers: {}, body: Buffer.from(JSON.stringify({ reason, data: 'not shown' })) },
  context: { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'worker' },
});

it('a record in quarantine is one line with its reason and the remedy, at most one a minute', async () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const notice = quarantineNotice((line) => lines.push(line), clock);
  const call = (made: Call, statusCode = 200) => notice(made, async () => answer(statusCode));
  await call(put('/archive/deleted/tweets/2026/x.gz'));
  await call(put('/archive/quarantine/shardId-000000000000/1.json', 'no-id', 'GetObject'));
  await call(put('/archive/quarantine/shardId-000000000000/1.json'), 503);
  expect(lines).toEqual([]);
  await call(put('/archive/quarantine/shardId-000000000000/1.json', 'wrong-type: text'));
  await call(put('/archive/quarantine/shardId-000000000000/2.json'));
  await clock.advance(60_000);
  await call(put('/archive/quarantine/shardId-000000000000/3.json', 'bad\u001b[2J'));
  expect(lines).toEqual([
    'Quarantine: a record cannot be used (wrong-type: text), 1 since the start. Repair the producer and send them again: npx tweet-pipes status',
    'Quarantine: a record cannot be used (bad\\u001b[2J), 3 since the start. Repair the producer and send them again: npx tweet-pipes status',
  ]);
});
