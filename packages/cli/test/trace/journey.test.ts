import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@tweet-pipes/console/journey';
import { formatPosition } from '@tweet-pipes/kit/position';
import fc from 'fast-check';
import type { Findings, FoundRecord } from '../../src/trace/findings.ts';
import { type Dated, journeyOf, ordered } from '../../src/trace/journey.ts';
import { journeyLines } from '../../src/trace/journey-lines.ts';

const shardId = 'shardId-000000000000';
const at = (n: number) => formatPosition(shardId, String(100 + n));
const nothing: Findings = {
  ...{ id: '7', records: [], highWaterMarks: new Map(), quarantined: [], givenUp: [], redrives: [], counters: [] },
  ...{ archived: [], lakeRows: [], executions: [], notKnown: [], looked: ['table tweets'] },
};
const processed = new Map([[shardId, at(9)]]);
const startMs = Date.parse('2026-11-29T12:00:00Z');
const record = (n: number, kind: FoundRecord['kind'] = 'tweet', more: Partial<FoundRecord> = {}): FoundRecord => ({
  ...{ position: at(n), arrivedMs: startMs + n * 1000, kind, hashtags: ['sea'], isKept: true },
  ...more,
});
const item = { position: at(1), isRedriven: false, hashtags: ['sea', 'sky'] };
const counts = (...counted: (boolean | undefined)[]) =>
  counted.map((isCounted, n) => ({ hashtag: ['sea', 'sky'][n] ?? 'more', isCounted, count: 3 }));
const dead = { position: at(1), condition: 'RetryAttemptsExhausted', atMs: startMs + 60_000 };
const quarantine = {
  position: at(1),
  folder: 'quarantine' as const,
  reason: 'no-id',
  atMs: startMs,
  object: 's3://b/k',
};
const tombstone = { position: at(2), tweetPosition: at(1), deletedMs: startMs + 2000 };

const cases: [string, Partial<Findings>, Verdict['counted'], RegExp, RegExp?][] = [
  ['nothing knows it', {}, 'no', /No record with it was found/, /npx tweet-pipes trace 7 --since 7d$/],
  ['it is stored and counted', { stored: item, counters: counts(true, true) }, 'yes', /once for #sea, #sky/],
  ['it has no hashtags', { stored: { ...item, hashtags: [] } }, 'no', /has no hashtags/, /entities/],
  [
    'it is stored, and its batch is in flight',
    { stored: item, counters: counts(false, false) },
    'pending',
    /its batch/,
  ],
  [
    'one counter lacks it',
    { stored: item, counters: counts(true, false) },
    'partly',
    /not counted for #sky/,
    /reconcile/,
  ],
  ['a counter dropped the mark', { stored: item, counters: counts(undefined, undefined) }, 'not known', /do not say/],
  [
    'a copy came too',
    { stored: item, counters: counts(true, true), records: [record(1), record(3)], highWaterMarks: processed },
    'yes',
    /counted once/,
  ],
  ['it was deleted', { tombstone, counters: counts(true) }, 'yes', /deleted since; that lowers no count/],
  [
    'it came after its delete notice',
    { tombstone: { ...tombstone, tweetPosition: '' }, records: [record(3)], highWaterMarks: processed },
    'no',
    /after its delete notice/,
  ],
  ['only a notice came', { tombstone: { ...tombstone, tweetPosition: '' } }, 'no', /Only a delete notice/],
  ['the pipe is behind', { records: [record(1)] }, 'pending', /has not processed it yet/, /status/],
  [
    'the pipe is stopped',
    { records: [record(1)], pipe: { name: 'P', state: 'STOPPED' } },
    'pending',
    /has not processed it: the pipe P is STOPPED\.$/,
    /^Start it before the stream drops the record: aws pipes start-pipe --name P$/,
  ],
  [
    'the pipe failed to start',
    { records: [record(1)], pipe: { name: 'P', state: 'START_FAILED', reason: 'No rights.' } },
    'pending',
    /the pipe P is START_FAILED: No rights\.$/,
    /^Repair that first, then start it: aws pipes start-pipe --name P$/,
  ],
  [
    'the pipe runs and cannot go on',
    { records: [record(1)], pipe: { name: 'P', state: 'RUNNING', reason: 'GetRecords failed' } },
    'pending',
    /the pipe P is RUNNING: GetRecords failed\.$/,
    /status/,
  ],
  [
    'the pipe gave it up',
    { records: [record(1)], givenUp: [dead], highWaterMarks: processed },
    'no',
    /gave its record up \(RetryAttemptsExhausted\)/,
    /redrive/,
  ],
  [
    'the pipe gave it up, and its log has the error',
    {
      records: [record(1)],
      givenUp: [{ ...dead, error: 'PayloadTooLarge: The payload has 300,000 characters.' }],
      highWaterMarks: processed,
    },
    'no',
    /\(RetryAttemptsExhausted\)\. The last error of the pipe before that: PayloadTooLarge: .* characters\.$/,
    /redrive/,
  ],
  [
    'it is in quarantine',
    { records: [record(1, 'rejected', { reason: 'no-id' })], quarantined: [quarantine], highWaterMarks: processed },
    'no',
    /in quarantine: no-id/,
    /send it again/,
  ],
  ['the filter dropped it', { records: [record(1, 'tweet', { isKept: false })] }, 'no', /filter dropped/],
  [
    'redrive could not prove it',
    {
      stored: { ...item, isRedriven: true },
      counters: counts(false, false),
      redrives: [{ position: at(1), counted: [], unproved: ['sea'], removes: false }],
    },
    'not known',
    /could not prove whether it was counted for #sea/,
    /reconcile/,
  ],
  ['it expired', { records: [record(1)], highWaterMarks: processed }, 'not known', /in no store/],
  [
    'it expired, and the archive has it',
    {
      records: [record(1)],
      highWaterMarks: processed,
      archived: [{ position: at(1), cause: 'ttl', object: 's3://b/k', removedMs: startMs + 9000 }],
      counters: counts(true),
    },
    'yes',
    /left the table since/,
  ],
];

describe('why a tweet is not counted:', () => {
  it.each(cases)('%s', (_name, findings, counted, why, remedy = /(?:)/) => {
    const { pipe: _pipe, ...verdict } = journeyOf({ ...nothing, ...findings }).verdict;
    expect({ ...verdict, do: verdict.do ?? '' }).toEqual({
      counted,
      why: expect.stringMatching(why),
      do: expect.stringMatching(remedy),
    });
  });

  it('names the pipe that keeps it waiting, and none that is only behind', () => {
    const pipeOf = (pipe: Findings['pipe']) =>
      journeyOf({ ...nothing, records: [record(1)], ...(pipe && { pipe }) }).verdict.pipe;
    expect(pipeOf({ name: 'P', state: 'STOPPED' })).toBe('P');
    expect(pipeOf({ name: 'P', state: 'RUNNING', reason: 'GetRecords failed' })).toBe('P');
    expect(pipeOf({ name: 'P', state: 'RUNNING' })).toBeUndefined();
    expect(pipeOf(undefined)).toBeUndefined();
  });

  it('quotes an id that a shell would read otherwise', () => {
    const { verdict } = journeyOf({ ...nothing, id: "it's $HOME" });
    expect(verdict.do).toMatch(/npx tweet-pipes trace 'it'\\''s \$HOME' --since 7d$/);
  });

  it('a tweet that nothing knows is not known', () => {
    expect(journeyOf(nothing)).toMatchObject({ known: false, steps: [] });
    expect(journeyOf({ ...nothing, stored: item })).toMatchObject({ known: true });
  });
});

describe('the steps of a journey', () => {
  const found: Findings = {
    ...nothing,
    stored: item,
    records: [record(1), record(3)],
    highWaterMarks: processed,
    counters: counts(true, true),
    executions: [
      {
        ...{ arn: 'arn:1', startedMs: startMs + 3500, endedMs: startMs + 3700, end: 'SUCCEEDED', records: 2 },
        ...{ position: at(1), decision: 'stored' },
      },
    ],
    lakeRows: [{ kind: 'tweet', position: at(1), arrivedMs: startMs + 1000, object: 's3://lake/k' }],
  };

  it('tell what happened in the order of time; what no store dates stands behind its record', () => {
    expect(journeyOf(found).steps.map(({ at, what, text }) => [at?.slice(17, 23) ?? '–', what, text])).toEqual([
      ['01.000', 'arrived', 'a record with it came to the stream'],
      ['01.000', 'lake-row', 'a row of the lake: the tweet'],
      ['03.000', 'arrived', 'a record with it came to the stream'],
      ['–', 'duplicate', `a duplicate of record ${at(1)}: neither stored nor counted`],
      ['03.500', 'execution', 'an execution took a batch of 2 records: stored in 200 ms'],
      ['–', 'stored', 'stored, with #sea #sky'],
      ['–', 'counted', 'counted for #sea; the counter is 3 now'],
      ['–', 'counted', 'counted for #sky; the counter is 3 now'],
    ]);
  });

  it('have no milliseconds where the store keeps whole seconds', () => {
    const archived = [{ position: at(1), cause: 'ttl', object: 's3://b/k', removedMs: startMs + 9000 }];
    const journey = journeyOf({ ...nothing, records: [record(1)], quarantined: [quarantine], archived });
    expect(journey.steps.map(({ at, what }) => [what, at])).toEqual([
      ['quarantined', '2026-11-29T12:00:00Z'],
      ['arrived', '2026-11-29T12:00:01.000Z'],
      ['stored', null],
      ['archived', '2026-11-29T12:00:09Z'],
    ]);
    expect(journeyLines(journey, (text) => text)).toContainEqual(
      expect.stringMatching(/^2026-11-29 12:00:00 {6}put into quarantine/),
    );
  });

  it.each(['too-large: 300200 characters', 'not-processable: nested'])('say that redrive found %s', (reason) => {
    const { steps } = journeyOf({ ...nothing, quarantined: [{ ...quarantine, reason }] });
    expect(steps).toMatchObject([{ what: 'quarantined', text: `redrive put it into quarantine: ${reason}` }]);
  });

  it('say the error after which the pipe gave a record up', () => {
    const error = 'PayloadTooLarge: The payload has 300,000 characters.';
    expect(journeyOf({ ...nothing, records: [record(1)], givenUp: [{ ...dead, error }] }).steps).toContainEqual({
      ...{ at: '2026-11-29T12:01:00.000Z', what: 'given-up', record: at(1), reason: 'RetryAttemptsExhausted' },
      text: `the pipe gave the record up: RetryAttemptsExhausted; its last error before that: ${error}`,
    });
  });

  it('are a line each for people, with short names for long ones', () => {
    const lines = journeyLines(journeyOf(found), (text) => text);
    expect(lines.slice(0, 4)).toEqual([
      'Tweet 7: counted.',
      '  It is counted once for #sea, #sky.',
      '',
      '2026-11-29 12:00:01.000  a record with it came to the stream  (record 1)',
    ]);
    expect(lines).toContain('–                        a duplicate of record 1: neither stored nor counted  (record 2)');
    expect(lines).toContain(`  record 1     ${at(1)}`);
    expect(lines).toContain('  object 1     s3://lake/k');
  });

  it('no step is lost, and times never go back', () => {
    const step: fc.Arbitrary<Dated> = fc
      .record({
        atMs: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
        what: fc.constantFrom('arrived', 'execution', 'stored', 'counted', 'archived'),
        text: fc.uuid(),
        record: fc.constantFrom('a', 'b'),
      })
      .map((made) => ({ ...made, atMs: made.atMs === undefined ? undefined : startMs + made.atMs }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const made = ordered(steps);
        expect(made.map(({ text }) => text).sort()).toEqual(steps.map(({ text }) => text).sort());
        const times = made.flatMap(({ at }) => (at === null ? [] : [at]));
        expect(times).toEqual([...times].sort());
      }),
    );
  });
});
