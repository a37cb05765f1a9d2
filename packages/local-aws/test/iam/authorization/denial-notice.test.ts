import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { noticeDenials } from '../../../src/iam/authorization/denial-notice.ts';
import { Denials } from '../../../src/iam/authorization/denials.ts';
import type { Caller } from '../../../src/iam/caller.ts';
import { denialSentence } from '../../../src/iam/denial.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Tweets';
const action = 'dynamodb:PartiQLInsert';
const role = (sessionName: string): Caller => ({ kind: 'role', roleName: 'Workflow', sessionName, isWorker: true });
const lines: string[] = [];
let clock: ManualClock;
let denials: Denials;
let deny: (options?: { session?: string; resource?: string; isExplicit?: boolean }) => void;

beforeEach(() => {
  lines.length = 0;
  clock = new ManualClock();
  denials = new Denials(clock);
  const notice = noticeDenials({ log: (line) => void lines.push(line), clock, denials, also: undefined });
  deny = ({ session = 'one', resource = table, isExplicit = false } = {}) => {
    const denied = { who: 'User: it', action, resource, by: 'identity', isExplicit } as const;
    notice(role(session), { action, resource }, { isAllowed: false, sentence: denialSentence(denied), denied });
  };
});

describe('lines of denials', () => {
  it('come once a minute for a role, action, resource and reason, whatever the session', async () => {
    deny();
    deny({ session: 'two' });
    deny({ isExplicit: true });
    deny({ resource: `${table}2` });
    expect(lines).toEqual([
      `Denied: role Workflow (session one) may not ${action} on ${table}, because no identity-based policy allows the ${action} action.`,
      `Denied: role Workflow (session one) may not ${action} on ${table}, with an explicit deny in an identity-based policy.`,
      `Denied: role Workflow (session one) may not ${action} on ${table}2, because no identity-based policy allows the ${action} action.`,
    ]);
    await clock.advance(60_000);
    deny({ session: 'three' });
    expect(lines).toHaveLength(4);
  });

  it('of another reason come although many resources were denied for the first', () => {
    for (let index = 0; index < 100; index++) deny({ resource: `${table}${index}` });
    expect(lines).toHaveLength(21);
    deny({ isExplicit: true });
    expect(lines.at(-1)).toMatch(/with an explicit deny in an identity-based policy\.$/);
  });
});

describe('the list of denials', () => {
  it('counts those of one role, action, resource and reason, the latest first', async () => {
    deny();
    deny({ isExplicit: true });
    await clock.advance(1_000);
    deny({ session: 'two' });
    const shared = { who: 'role Workflow', roleName: 'Workflow', action, resource: table };
    expect(denials.list).toEqual([
      { ...shared, isExplicit: false, count: 2, lastMs: clock.now(), sentence: expect.stringMatching(/action$/) },
      {
        ...shared,
        isExplicit: true,
        count: 1,
        lastMs: clock.now() - 1_000,
        sentence: expect.stringMatching(/policy$/),
      },
    ]);
  });

  it('forgets those of a session whose resource is deleted', () => {
    deny({ session: 'deleted' });
    deny({ session: 'deleted', resource: `${table}2` });
    deny({ session: 'other', resource: `${table}2` });
    denials.forget('Another', 'deleted');
    denials.forget('Workflow', 'deleted');
    expect(denials.list).toMatchObject([{ resource: `${table}2`, count: 2 }]);
  });

  it('ends a quarter of an hour after the last, and holds a hundred', async () => {
    for (let index = 0; index < 150; index++) deny({ resource: `${table}${index}` });
    expect(denials.list).toHaveLength(100);
    expect(denials.list[0]?.resource).toBe(`${table}149`);
    await clock.advance(15 * 60_000);
    expect(denials.list).toEqual([]);
  });
});
