import { describe, expect, it } from '@jest/globals';

import { parseExpression } from '../../src/scheduler/expression.ts';

const ms = (text: string) => Date.parse(text);
const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString().slice(0, 16));

/** Sunday. */
const now = '2026-11-29T00:00:00Z';

/**
 * AWS: "Cron expressions reference" of Amazon EventBridge and "Schedule types" of EventBridge Scheduler. [expression,
 * time zone, the next two times].
 */
const due: [string, string, (string | undefined)[]][] = [
  ['cron(0 10 * * ? *)', 'UTC', ['2026-11-29T10:00', '2026-11-30T10:00']],
  ['cron(15 12 * * ? *)', 'UTC', ['2026-11-29T12:15', '2026-11-30T12:15']],
  ['cron(0 18 ? * MON-FRI *)', 'UTC', ['2026-11-30T18:00', '2026-12-01T18:00']],
  ['cron(0 8 1 * ? *)', 'UTC', ['2026-12-01T08:00', '2027-01-01T08:00']],
  ['cron(0/15 * * * ? *)', 'UTC', ['2026-11-29T00:15', '2026-11-29T00:30']],
  ['cron(0/10 * ? * MON-FRI *)', 'UTC', ['2026-11-30T00:00', '2026-11-30T00:10']],
  ['cron(0/5 8-17 ? * MON-FRI *)', 'UTC', ['2026-11-30T08:00', '2026-11-30T08:05']],
  ['cron(0/30 20-2 ? * MON-FRI *)', 'UTC', ['2026-11-30T00:00', '2026-11-30T00:30']],
  ['cron(15 10 ? * 6L 2026-2028)', 'UTC', ['2026-12-25T10:15', '2027-01-29T10:15']],
  ['cron(0 10 ? * 6#3 *)', 'UTC', ['2026-12-18T10:00', '2027-01-15T10:00']],
  ['cron(0 10 L * ? *)', 'UTC', ['2026-11-30T10:00', '2026-12-31T10:00']],
  ['cron(0 10 15W * ? *)', 'UTC', ['2026-12-15T10:00', '2027-01-15T10:00']],
  ['cron(0 0 ? * 1 *)', 'UTC', ['2026-12-06T00:00', '2026-12-13T00:00']],
  ['cron(0 0 ? * L *)', 'UTC', ['2026-12-05T00:00', '2026-12-12T00:00']],
  ['cron(0 0 1 1 ? 2027)', 'UTC', ['2027-01-01T00:00', undefined]],
  ['cron(0 0 1 1 ? 2020)', 'UTC', [undefined, undefined]],
  ['cron(30 8 ? * MON *)', 'Europe/Vienna', ['2026-11-30T07:30', '2026-12-07T07:30']],
  ['cron(0 0 ? * FRI-MON *)', 'UTC', ['2026-11-30T00:00', '2026-12-04T00:00']],
  ['cron(0 0 ? * 6-2 *)', 'UTC', ['2026-11-30T00:00', '2026-12-04T00:00']],
  ['cron(0 0 1 NOV-FEB ? *)', 'UTC', ['2026-12-01T00:00', '2027-01-01T00:00']],
  ['cron(0 20-2/3 * * ? *)', 'UTC', ['2026-11-29T02:00', '2026-11-29T20:00']],
  ['cron(50-10/10 0 * * ? *)', 'UTC', ['2026-11-29T00:10', '2026-11-29T00:50']],
  ['cron(0 0 28-2 * ? *)', 'UTC', ['2026-11-30T00:00', '2026-12-01T00:00']],
  ['at(2026-12-24T18:00:00)', 'America/New_York', ['2026-12-24T23:00', undefined]],
  ['at(2026-11-28T23:59:59)', 'UTC', [undefined, undefined]],
  ['rate(1 minute)', 'UTC', ['2026-11-29T00:01', '2026-11-29T00:02']],
  ['rate(1 minutes)', 'UTC', ['2026-11-29T00:01', '2026-11-29T00:02']],
  ['rate(12 hours)', 'UTC', ['2026-11-29T12:00', '2026-11-30T00:00']],
  ['rate(2 days)', 'UTC', ['2026-12-01T00:00', '2026-12-03T00:00']],
];

/**
 * AWS: "Daylight savings time on EventBridge Scheduler". What falls into the hour that is left out is skipped, and what
 * falls into the hour that comes twice is invoked once. [expression, from, the next two times].
 */
const changesOfTheClock: [string, string, string[]][] = [
  ['cron(30 2 * * ? *)', '2027-03-13T12:00:00Z', ['2027-03-15T06:30', '2027-03-16T06:30']],
  ['cron(0/30 * * * ? *)', '2027-03-14T06:15:00Z', ['2027-03-14T06:30', '2027-03-14T07:00']],
  ['cron(30 1 * * ? *)', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
];

const refused = [
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(1.5 hours)',
  'rate(5 seconds)',
  'cron(0 10 * * *)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(61 10 * * ? *)',
  'cron(0 10 ? * 0 *)',
  'cron(0 10 ? * 8 *)',
  'cron(0 10 32 * ? *)',
  'cron(? 10 1 * ? *)',
  'cron(0 ? 1 * ? *)',
  'cron(0 10 1 ? ? *)',
  'cron(0 10 * * ? ?)',
  'cron(0 10 1 1 ? 1969)',
  'cron(0 10 1 1 ? 2200)',
  'cron(0 10-24 * * ? *)',
  'cron(0 10 ? NOV-FOO 1 *)',
  'at(2026-13-01T00:00:00)',
  'at(2026-02-30T00:00:00)',
  'at(2026-11-20)',
  'every day',
  '',
];

describe('schedule expressions', () => {
  it.each(due)('%s in %s is due next', (expression, timeZone, expected) => {
    const timetable = parseExpression(expression, timeZone);
    const first = timetable.next(ms(now), ms(now));
    expect([iso(first), first === undefined ? undefined : iso(timetable.next(first, ms(now)))]).toEqual(expected);
  });

  it.each(changesOfTheClock)('%s in New York after %s is due next', (expression, from, expected) => {
    const timetable = parseExpression(expression, 'America/New_York');
    const first = timetable.next(ms(from), ms(from)) ?? Number.NaN;
    expect([iso(first), iso(timetable.next(first, ms(from)))]).toEqual(expected);
  });

  it('begins a rate where its schedule begins', () => {
    expect(iso(parseExpression('rate(1 hour)', 'UTC').next(ms(now) - 1, ms(now)))).toBe('2026-11-29T00:00');
  });

  it.each(refused)('refuses %s as AWS does', (expression) => {
    expect(() => parseExpression(expression, 'UTC')).toThrow(`Invalid Schedule Expression ${expression}.`);
  });

  it('refuses an unknown time zone', () => {
    expect(() => parseExpression('rate(1 hour)', 'Mars/Olympus')).toThrow('Invalid Timezone Mars/Olympus.');
  });
});
