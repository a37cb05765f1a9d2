import type { Fact } from '@tweet-pipes/console/fact';
import type { PipeStatus } from '@tweet-pipes/console/status';
import type { StatusFacts } from '../../src/status/problems.ts';

export const known = <T>(value: T): Fact<T> => ({ known: true, value });
export const unknown = (why = 'CloudWatch has no values of the last 15 minutes') => ({ known: false, why }) as const;

const named = (label: string) => ({ stack: 'TweetPipes', name: `TweetPipes-${label}`, label });

/** A pipe that works. */
export const pipe: PipeStatus = {
  ...named('Ingest'),
  state: known({ state: 'RUNNING', desired: 'RUNNING', batchWindowSeconds: 1 }),
  lag: known({ records: 0, isAtLeast: false, seconds: 0, shards: [] }),
  executions: known({ records: 120, failed: 0, throttled: 0 }),
  retriesNow: 0,
  deadLetters: known({ waiting: 0, inWork: 0, some: [] }),
};

/** Stacks in which all is well. */
export const well: StatusFacts = {
  at: '2026-11-29T12:00:00.000Z',
  where: 'http://127.0.0.1:4566',
  minutes: 15,
  stacks: [{ name: 'TweetPipes', state: 'CREATE_COMPLETE', isOwn: true }],
  pipes: [pipe],
  workflows: [
    {
      ...named('IngestWorkflow'),
      executions: known({
        ...{ started: 9, succeeded: 9, failed: 0, timedOut: 0, aborted: 0, throttled: 0 },
        ...{ averageMs: 120, longestMs: 480 },
      }),
    },
  ],
  streams: [
    {
      ...named('TweetStream'),
      shards: known({ open: 4, closed: 1, state: 'ACTIVE' }),
      traffic: known({ records: 120, refusedWrites: 0, refusedReads: 0 }),
    },
  ],
  tables: [
    {
      ...named('Tweets'),
      state: known({ state: 'ACTIVE', items: 100 }),
      traffic: known({ writeUnits: 180, throttledWrites: 0 }),
    },
  ],
  deliveryStreams: [
    {
      ...named('TweetArchive'),
      state: known('ACTIVE'),
      newest: known({ at: '2026-11-29T11:59:00.000Z', key: 'deleted/tweets/2026/11/29/11/x' }),
      errors: known({ objects: 0, isAtLeast: false }),
      traffic: known({ records: 3, oldestSeconds: 2 }),
    },
  ],
  functions: [{ ...named('FlattenRemovals'), invocations: known({ started: 3, errors: 0, throttles: 0 }) }],
  quarantine: known({
    objects: 0,
    isAtLeast: false,
    recent: 0,
    recentReasons: [],
    reasons: [],
    read: 0,
    outOfOrder: 0,
    unproved: 0,
  }),
  alarms: known([]),
  local: known({ health: 'ready', problems: [], dataFolder: '/data', freeBytes: 5e9, faults: {}, denials: [] }),
};
