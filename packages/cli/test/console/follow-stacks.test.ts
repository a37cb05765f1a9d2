import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { followStacks } from '../../src/console/follow-stacks.ts';
import { StatusReader } from '../../src/status/status-reader.ts';
import { fakeClients } from './fake-clients.ts';

const endpoint = 'http://127.0.0.1:9';
const names = { stack: 'TweetPipes', lakeStack: 'TweetLake', salesStack: 'SalesLake' };
let standing: Record<string, string>;
const clients = await fakeClients({
  ListStacksCommand: () => ({
    StackSummaries: Object.entries(standing).map(([StackName, StackStatus]) => ({ StackName, StackStatus })),
  }),
  DescribeStacksCommand({ StackName }) {
    const StackStatus = standing[String(StackName)];
    if (StackStatus === undefined) throw Object.assign(new Error('no stack'), { name: 'ValidationError' });
    return { Stacks: [{ StackName, StackStatus, Outputs: [] }] };
  },
  ListStackResourcesCommand: () => ({ StackResourceSummaries: [] }),
});
afterAll(() => clients.destroy());

beforeEach(() => {
  standing = { Before: 'CREATE_COMPLETE', TweetPipes: 'CREATE_COMPLETE', Gone: 'DELETE_COMPLETE' };
});

it('the page looks at the stacks that stand now, and keeps its context while none changes', async () => {
  const clock = new ManualClock();
  const current = followStacks({ clients, clock, place: 'local', endpoint, region: 'us-east-1', stacks: [] });
  const first = await current();
  expect(first.stacks.map(({ name }) => name)).toEqual(['TweetPipes', 'Before']);
  await clock.advance(1_000);
  expect(await current()).toBe(first);
  standing.Events = 'CREATE_IN_PROGRESS';
  await clock.advance(1_000);
  expect((await current()).stacks.map(({ name }) => name)).toEqual(['TweetPipes', 'Before', 'Events']);
  standing.Events = 'DELETE_COMPLETE';
  await clock.advance(1_000);
  expect((await current()).stacks.map(({ name }) => name)).toEqual(['TweetPipes', 'Before']);
});

it('a status names a stack that failed after the first look', async () => {
  const reader = new StatusReader({ clients, endpoint, stacks: names, clock: new ManualClock() });
  expect(await reader.read()).toMatchObject({ ok: true });
  standing.Events = 'ROLLBACK_COMPLETE';
  expect(await reader.read()).toMatchObject({
    ok: false,
    problems: [{ what: 'stack Events', why: 'is ROLLBACK_COMPLETE' }],
  });
});

it('a status of a stack that was named has no others', async () => {
  const stacks = { ...names, stack: 'Before', isCoreNamed: true };
  const status = await new StatusReader({ clients, endpoint, stacks, clock: new ManualClock() }).read();
  expect(status.stacks.map(({ name }) => name)).toEqual(['Before']);
});
