import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { createAccessControl } from '../../../src/iam/access-store.ts';
import { createRoleSessions } from '../../../src/iam/authorization/role-sessions.ts';
import { sessionFor } from '../../../src/iam/worker-session.ts';

const roleArn = 'arn:aws:iam::000000000000:role/R';
const session = sessionFor('states.amazonaws.com', roleArn, { name: 'W', arn: 'arn:aws:states:us-east-1:0:w' });

function sessionsOn(clock: ManualClock) {
  const access = createAccessControl({ accountId: '000000000000', region: 'us-east-1', clock });
  const trust = (Service: string) =>
    access.putRole({
      ...{ name: 'R', arn: roleArn, managed: [], inline: [] },
      trust: { Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] },
    });
  trust('states.amazonaws.com');
  const address = () => ({ endpoint: 'http://127.0.0.1:1' });
  return { trust, sessions: createRoleSessions({ access, clock, address }) };
}

it('gives a session the same clients, and others for another number of attempts', () => {
  const { sessions } = sessionsOn(new ManualClock());
  const once = sessions.clients(session, 1);
  expect(sessions.clients(session, 1)).toBe(once);
  expect(sessions.clients({ ...session }, 1)).toBe(once);
  expect(sessions.clients(session)).not.toBe(once);
});

it('asks the trust policy when a session begins, and again after an hour', async () => {
  const clock = new ManualClock();
  const { sessions, trust } = sessionsOn(clock);
  sessions.clients(session);
  trust('pipes.amazonaws.com');
  await clock.advance(59 * 60_000);
  expect(() => sessions.clients(session)).not.toThrow();
  await clock.advance(60_000);
  expect(() => sessions.clients(session)).toThrow('is not authorized to perform: sts:AssumeRole');
});
