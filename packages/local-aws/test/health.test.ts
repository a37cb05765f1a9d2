import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { type Health, healthAnswer } from '../src/health.ts';
import { Denials } from '../src/iam/authorization/denials.ts';

const problem = { what: 'pipe P', why: 'w', do: 'd' };

it.each<{ status: Health['status']; problems?: [typeof problem]; statusCode: number; body: object }>([
  { status: 'ready', statusCode: 200, body: { status: 'ready' } },
  { status: 'starting', statusCode: 503, body: { status: 'starting' } },
  { status: 'ready', problems: [problem], statusCode: 503, body: { status: 'degraded', problems: [problem] } },
  { status: 'stopping', problems: [problem], statusCode: 503, body: { status: 'stopping', problems: [problem] } },
])('answers $statusCode with $body', ({ status, problems = [], statusCode, body }) => {
  expect(healthAnswer({ status }, { list: problems }, { list: [] })).toEqual({ statusCode, body });
});

it('says why a runtime failed', () => {
  const answer = healthAnswer({ status: 'failed', why: 'w' }, { list: [] }, { list: [] });
  expect(answer).toEqual({ statusCode: 503, body: { status: 'failed', why: 'w' } });
});

it('counts different denied calls of the last 15 minutes, and is ready', async () => {
  const clock = new ManualClock();
  const denials = new Denials(clock);
  const caller = { kind: 'role', roleName: 'R', sessionName: 's', isWorker: true } as const;
  const denied = { who: 'User: it', action: 'sqs:SendMessage', by: 'identity', isExplicit: false } as const;
  for (const resource of ['a', 'a', 'b']) denials.note(caller, { ...denied, resource });
  const answer = () => healthAnswer({ status: 'ready' }, { list: [] }, denials);
  expect(answer()).toEqual({ statusCode: 200, body: { status: 'ready', denials: 2 } });
  await clock.advance(15 * 60_000);
  expect(answer()).toEqual({ statusCode: 200, body: { status: 'ready' } });
});
