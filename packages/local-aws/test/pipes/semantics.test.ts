import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { unmetered } from '../../src/meter/meter.ts';
import { exponentialBackoff } from '../../src/pipes/backoff.ts';
import { bisect } from '../../src/pipes/batcher.ts';
import { type DeadLetterCondition, deliver, type RetryPolicy } from '../../src/pipes/delivery.ts';
import { execute, type Stages } from '../../src/pipes/execution.ts';
import { PipeLog } from '../../src/pipes/log.ts';
import { FakeTarget, failure, noVariables, readCases, recordOf, until } from './fixture.ts';

interface Input {
  records: number;
  /** Sequence numbers that make the target or the enrichment fail. */
  poison?: number[];
  /** How the target fails on poison. Undefined: it does not. */
  target?: 'throws' | 'names' | 'names-unknown' | 'names-nothing' | 'names-sequence';
  enrichment?: 'answers' | 'throws' | 'nothing' | 'drops-even' | 'doubles' | 'unavailable';
  /** Calls of the target, or of the enrichment if that is `unavailable`, that fail with an internal error first. */
  unavailable?: number;
  maximumElements?: number;
  policy: Partial<RetryPolicy>;
}

interface Seen {
  /** Sequence numbers per call. */
  enrichment?: number[][];
  target: number[][];
  deadLetters: { condition: DeadLetterCondition; records: number[] }[];
}

const sequenceOf = (event: Json): number => Number(isJsonObject(event) ? event.sequenceNumber : undefined);

async function run(input: Input): Promise<Seen> {
  const clock = new ManualClock();
  const seen: Seen = { target: [], deadLetters: [] };
  let unavailable = input.unavailable ?? 0;
  const answerIfAvailable = () => {
    if (unavailable === 0) return;
    unavailable -= 1;
    throw failure('internal');
  };
  const poisonIn = (events: Json[]) => events.filter((event) => input.poison?.includes(sequenceOf(event)));
  const target = new FakeTarget();
  target.maximumElements = input.maximumElements ?? target.maximumElements;
  target.behaviour = (events) => {
    seen.target.push(events.map(sequenceOf));
    if (input.enrichment !== 'unavailable') answerIfAvailable();
    return targetAnswer(input, poisonIn(events));
  };
  const enrich = (events: Json[]): Json => {
    seen.enrichment = [...(seen.enrichment ?? []), events.map(sequenceOf)];
    if (input.enrichment === 'unavailable') answerIfAvailable();
    return enrichmentAnswer(input, events, poisonIn(events));
  };
  const stages: Stages = {
    ...(input.enrichment && {
      enrichment: {
        call: { service: 'lambda', invoke: async (payload) => enrich(JSON.parse(payload)) },
        template: undefined,
      },
    }),
    meter: unmetered,
    target: { call: target, template: undefined },
    variables: noVariables,
    clock,
    random: seededRandom(1),
    log: new PipeLog({ resourceArn: 'pipe-arn', level: 'OFF', includeExecutionData: false }),
  };
  const { signal } = new AbortController();
  let end: unknown;
  void deliver(
    Array.from({ length: input.records }, (_, index) => recordOf(index + 1, {}, clock.now())),
    {
      limits: { batchSize: input.records },
      policy: { maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisect: false, ...input.policy },
      clock,
      backoff: exponentialBackoff(seededRandom(1), 100, 500),
      signal,
      attempt: (records) => execute(records, stages, signal),
      bisect,
      sendDeadLetter: async (records, condition) => {
        seen.deadLetters.push({ condition, records: records.map(({ event }) => sequenceOf(event)) });
        return true;
      },
      failed: () => {},
      resolved: async () => {},
    },
  ).then((value) => {
    end = value;
  });
  await until(clock, () => end !== undefined, 100);
  expect(end).toBe('done');
  return seen;
}

function targetAnswer({ target }: Input, poison: Json[]): Json | undefined {
  if (poison.length === 0) return undefined;
  const named = (identifier: (event: Json) => Json) => ({
    batchItemFailures: poison.map((event) => ({ itemIdentifier: identifier(event) })),
  });
  switch (target) {
    case undefined:
      return undefined;
    case 'throws':
      throw failure('customer');
    case 'names':
      return named((event) => (isJsonObject(event) ? (event.eventID ?? null) : null));
    case 'names-unknown':
      return named(() => 'shard-9:1');
    case 'names-nothing':
      return named(() => '');
    case 'names-sequence':
      return named((event) => String(sequenceOf(event)));
  }
}

function enrichmentAnswer({ enrichment }: Input, events: Json[], poison: Json[]): Json {
  switch (enrichment) {
    case 'throws':
      if (poison.length > 0) throw failure('customer');
      return events;
    case 'nothing':
      return [];
    case 'drops-even':
      return events.filter((event) => sequenceOf(event) % 2 === 1);
    case 'doubles':
      return events.flatMap((event) => [event, event]);
    case 'answers':
    case 'unavailable':
    case undefined:
      return events;
  }
}

describe('a pipe from its batch to its dead letters', () => {
  const cases = readCases<Input, Seen>(new URL('cases/semantics.json', import.meta.url));
  it.each(cases)('$name', async ({ input, expected }) => {
    expect(await run(input)).toEqual(expected);
  });
});
