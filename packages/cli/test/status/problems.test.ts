import { describe, expect, it } from '@jest/globals';
import { problemsOf, type StatusFacts } from '../../src/status/problems.ts';
import { known, pipe, unknown, well } from './facts.ts';

const running = { state: 'RUNNING', desired: 'RUNNING', batchWindowSeconds: 1 };
const withPipe = (change: Partial<StatusFacts['pipes'][number]>): Partial<StatusFacts> => ({
  pipes: [{ ...pipe, ...change }],
});
const quarantine = {
  ...{ objects: 300, isAtLeast: false, reasons: [{ reason: 'wrong-type', objects: 100 }], read: 100 },
  ...{ recent: 0, recentReasons: [], outOfOrder: 0, unproved: 0 },
};
const [workflow] = well.workflows;
const [delivery] = well.deliveryStreams;
const [fn] = well.functions;
const [table] = well.tables;
const disk = { what: 'disk full', why: '/data, 3 MB left, needs 10 MB', do: 'Free some.' };
const local = { health: 'degraded', dataFolder: '/data', freeBytes: 3e6, faults: {}, denials: [] };
const executions = { started: 2, succeeded: 0, failed: 2, timedOut: 0, aborted: 0, throttled: 0 };

const tweets = 'arn:aws:dynamodb:us-east-1:000000000000:table/Tweets';
const denial = {
  ...{ who: 'role TweetPipes-Workflow', roleName: 'TweetPipes-Workflow', action: 'dynamodb:PartiQLInsert' },
  ...{ resource: tweets, isExplicit: false, count: 8, lastAt: well.at },
  sentence:
    'User: arn:aws:sts::0:assumed-role/W/x is not authorized to perform: dynamodb:PartiQLInsert on resource: arn ' +
    'because no identity-based policy allows the dynamodb:PartiQLInsert action',
};

const ringing = { name: 'A', state: 'ALARM', description: '', reason: '' };

const cases: [string, Partial<StatusFacts>, { what: string; why: RegExp; do: RegExp } | undefined][] = [
  ['nothing', {}, undefined],
  [
    'what is not known',
    { ...withPipe({ state: unknown(), lag: unknown(), executions: unknown() }), alarms: unknown() },
    undefined,
  ],
  [
    'a full disk, as the local runtime says it',
    { local: known({ ...local, problems: [disk] }) },
    { what: 'disk full', why: /3 MB left/, do: /^Free some\.$/ },
  ],
  [
    'a stack whose deployment failed',
    { stacks: [{ name: 'TweetPipes', state: 'UPDATE_ROLLBACK_COMPLETE', isOwn: true }] },
    { what: 'stack TweetPipes', why: /UPDATE_ROLLBACK_COMPLETE/, do: /describe-stack-events/ },
  ],
  [
    'a pipe that a person stopped',
    withPipe({ state: known({ ...running, state: 'STOPPED', desired: 'STOPPED' }) }),
    { what: 'pipe TweetPipes-Ingest', why: /a person stopped it/, do: /start-pipe --name TweetPipes-Ingest/ },
  ],
  [
    'a pipe that stopped by itself',
    withPipe({ state: known({ ...running, state: 'STOPPED', reason: 'its role is gone' }) }),
    { what: 'pipe TweetPipes-Ingest', why: /is STOPPED: its role is gone/, do: /^Repair that first/ },
  ],
  [
    'a running pipe that cannot go on',
    withPipe({ state: known({ ...running, reason: 'Its source cannot be read' }) }),
    { what: 'pipe TweetPipes-Ingest', why: /source cannot be read/, do: /tries again/ },
  ],
  [
    'dead letters',
    withPipe({
      deadLetters: known({
        waiting: 2,
        inWork: 0,
        some: [{ condition: 'RetryAttemptsExhausted', givenUpAt: '2026-11-29T11:00:00.000Z', records: 1 }],
      }),
    }),
    {
      what: 'dead letters of pipe TweetPipes-Ingest',
      why: /2 dead letters \(RetryAttemptsExhausted\), the oldest of 2026-11-29T11:00/,
      do: /npx tweet-pipes redrive/,
    },
  ],
  [
    'dead letters of which the log of the pipe has the error',
    withPipe({
      deadLetters: known({
        waiting: 1,
        inWork: 0,
        some: [{ condition: 'RetryAttemptsExhausted', givenUpAt: '2026-11-29T11:00:00.000Z', records: 1 }],
        error: known({ at: '2026-11-29T11:00:00.000Z', text: 'PayloadTooLarge: The payload has 300,000 characters.' }),
      }),
    }),
    {
      what: 'dead letters of pipe TweetPipes-Ingest',
      why: /of 2026-11-29T11:00:00.000Z; the last error before it: PayloadTooLarge: The payload has 300,000 characters$/,
      do: /npx tweet-pipes redrive/,
    },
  ],
  [
    'dead letters of a stack of another app, which redrive does not know',
    {
      ...withPipe({ stack: 'Events', deadLetters: known({ waiting: 1, inWork: 0, some: [] }) }),
      stacks: [{ name: 'Events', state: 'CREATE_COMPLETE', isOwn: false }],
    },
    {
      what: 'dead letters of pipe TweetPipes-Ingest',
      why: /1 dead letter$/,
      do: /^Repair the cause\. Each message of the dead-letter queue names .* before the source drops them\.$/,
    },
  ],
  [
    'a call that a role was denied',
    { local: known({ ...local, problems: [], denials: [denial] }) },
    {
      what: `denied: role TweetPipes-Workflow, dynamodb:PartiQLInsert on ${tweets}`,
      why: /is not authorized to perform: .* allows the dynamodb:PartiQLInsert action \(8 times, the last at 2026-/,
      do: /^Role TweetPipes-Workflow lacks dynamodb:PartiQLInsert on arn:\S+: add it to the role's policy, docs\/roles\.md\.$/,
    },
  ],
  [
    'a call that a statement denied',
    { local: known({ ...local, problems: [], denials: [{ ...denial, isExplicit: true, count: 1 }] }) },
    {
      what: `denied by a statement: role TweetPipes-Workflow, dynamodb:PartiQLInsert on ${tweets}`,
      why: /\(once, the last at/,
      do: /^A statement denies dynamodb:PartiQLInsert on \S+ to role TweetPipes-Workflow: change that/,
    },
  ],
  [
    'a call that a service was denied',
    {
      local: known({
        ...local,
        problems: [],
        denials: [{ ...denial, roleName: undefined, who: 'sns.amazonaws.com for arn:t' }],
      }),
    },
    {
      what: `denied: sns.amazonaws.com for arn:t, dynamodb:PartiQLInsert on ${tweets}`,
      why: /is not authorized/,
      do: /^The policy of the resource must allow dynamodb:PartiQLInsert on \S+ to sns\.amazonaws\.com for arn:t/,
    },
  ],
  [
    'dead letters that a redrive is working on, which are none',
    withPipe({ deadLetters: known({ waiting: 0, inWork: 3, some: [] }) }),
    undefined,
  ],
  [
    'a pipe that does not keep up',
    withPipe({ lag: known({ records: 100, isAtLeast: true, seconds: 400, shards: [] }) }),
    { what: 'pipe TweetPipes-Ingest', why: /at least 100 records wait, the oldest for 7 min/, do: /shards/ },
  ],
  [
    'a pipe that waits for its batch to fill, which is none',
    withPipe({
      state: known({ ...running, batchWindowSeconds: 300 }),
      lag: known({ records: 9, isAtLeast: false, seconds: 290, shards: [] }),
    }),
    undefined,
  ],
  [
    'a batch that was retried, which is none',
    withPipe({ executions: known({ records: 9, failed: 2, throttled: 0 }) }),
    undefined,
  ],
  [
    'a batch that fails again and again',
    withPipe({
      retriesNow: 4,
      lastError: known({ at: well.at, text: 'DynamoDb.ThrottlingException: slow down.' }),
      lag: known({ records: 1, isAtLeast: false, seconds: 9, shards: [] }),
    }),
    {
      what: 'pipe TweetPipes-Ingest',
      why: /the last 4 attempts failed.*the last error: DynamoDb.ThrottlingException: slow down$/,
      do: /npx tweet-pipes logs Ingest/,
    },
  ],
  [
    'a workflow of which no execution succeeds',
    {
      workflows: [
        { name: 'arn', label: 'IngestWorkflow', ...workflow, stack: 'Events', executions: known(executions) },
      ],
    },
    {
      what: 'workflow TweetPipes-IngestWorkflow',
      why: /none of its executions/,
      do: /logs IngestWorkflow --stack Events$/,
    },
  ],
  [
    'a function that always fails',
    fn === undefined ? {} : { functions: [{ ...fn, invocations: known({ started: 2, errors: 2, throttles: 0 }) }] },
    { what: 'function TweetPipes-FlattenRemovals', why: /each of its 2 invocations/, do: /logs FlattenRemovals/ },
  ],
  [
    'a table that is gone',
    table === undefined ? {} : { tables: [{ ...table, state: known({ state: 'DELETING', items: 1 }) }] },
    { what: 'table TweetPipes-Tweets', why: /is DELETING/, do: /deploy/ },
  ],
  [
    'records that Firehose made no rows of just now',
    delivery === undefined
      ? {}
      : { deliveryStreams: [{ ...delivery, errors: known({ objects: 1, isAtLeast: false, newestAt: well.at }) }] },
    { what: 'errors of delivery stream TweetPipes-TweetArchive', why: /1 object under/, do: /LakeErrors/ },
  ],
  [
    'records that Firehose made no rows of a quarter of an hour ago, which are none',
    delivery === undefined
      ? {}
      : {
          deliveryStreams: [
            { ...delivery, errors: known({ objects: 1, isAtLeast: false, newestAt: '2026-11-29T11:44:59.000Z' }) },
          ],
        },
    undefined,
  ],
  [
    'a broken order',
    { quarantine: known({ ...quarantine, outOfOrder: 1 }) },
    { what: 'order of the stream', why: /1 record under/, do: /npx tweet-pipes reconcile/ },
  ],
  [
    'a redrive that could not prove all',
    { quarantine: known({ ...quarantine, unproved: 2 }) },
    { what: 'redrive', why: /2 records/, do: /npx tweet-pipes reconcile/ },
  ],
  [
    'records that were just put into quarantine',
    { quarantine: known({ ...quarantine, recent: 3, recentReasons: [{ reason: 'no-id', objects: 3 }] }) },
    {
      what: 'quarantine',
      why: /^3 records of the last 15 minutes could not be used: no-id 3$/,
      do: /send them again/,
    },
  ],
  [
    'more records that were just put into quarantine than are read',
    { quarantine: known({ ...quarantine, recent: 150, recentReasons: [{ reason: 'no-id', objects: 100 }] }) },
    {
      what: 'quarantine',
      why: /^150 records of the last 15 minutes could not be used; of the newest 100: no-id 100$/,
      do: /send them again/,
    },
  ],
  ['records that lie in quarantine for long, which are none', { quarantine: known(quarantine) }, undefined],
  [
    'an alarm that rings',
    { alarms: known([{ name: 'A', state: 'ALARM', since: well.at, description: 'Raise the quota.', reason: '' }]) },
    { what: 'alarm A', why: /rings since 2026-11-29T12:00/, do: /^Raise the quota\.$/ },
  ],
  [
    'an alarm that told its topic',
    { alarms: known([{ ...ringing, messages: known([{ at: well.at, topic: 'T' }]) }]) },
    { what: 'alarm A', why: /^it rings; told to topic T at 2026-11-29T12:00[^;]*Z$/, do: /runbook/ },
  ],
  [
    'an alarm whose topic did not take its message',
    { alarms: known([{ ...ringing, messages: known([{ at: well.at, topic: 'T', error: 'There is none.' }]) }]) },
    { what: 'alarm A', why: /^it rings; topic T did not take its message: There is none$/, do: /runbook/ },
  ],
  [
    'an alarm without a topic',
    { alarms: known([{ ...ringing, messages: known([]) }]) },
    { what: 'alarm A', why: /^it rings; no topic was told$/, do: /runbook/ },
  ],
];

describe('problems of a status', () => {
  it.each(cases)('%s', (_name, change, expected) => {
    const problems = problemsOf({ ...well, ...change });
    if (expected === undefined) expect(problems).toEqual([]);
    else {
      expect(problems).toEqual([
        { what: expected.what, why: expect.stringMatching(expected.why), do: expect.stringMatching(expected.do) },
      ]);
    }
  });

  it('have what stops everything first and what only may be wrong last, and no part twice', () => {
    const problems = problemsOf({
      ...well,
      ...withPipe({
        state: known({ ...running, reason: 'Its source cannot be read' }),
        deadLetters: known({ waiting: 1, inWork: 0, some: [] }),
      }),
      local: known({ ...local, problems: [disk, { what: 'pipe TweetPipes-Ingest', why: 'waits', do: 'Nothing.' }] }),
      quarantine: known({ ...quarantine, recent: 1, outOfOrder: 1 }),
      alarms: known([{ name: 'A', state: 'ALARM', description: '', reason: '' }]),
    });
    expect(problems.map(({ what }) => what)).toEqual([
      'disk full',
      'pipe TweetPipes-Ingest',
      'dead letters of pipe TweetPipes-Ingest',
      'order of the stream',
      'alarm A',
      'quarantine',
    ]);
  });
});
