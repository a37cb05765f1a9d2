import { Cron } from 'croner';
import { AwsError } from '../gateway/aws-error.ts';

/** When a schedule is due. Times are milliseconds since the epoch. */
export interface Timetable {
  /** The first time after `afterMs`; undefined if there is none. `anchorMs` is where a rate begins. */
  next(afterMs: number, anchorMs: number): number | undefined;
  /** Whether it is due once. */
  isOnce: boolean;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Parses a schedule expression: `rate(5 minutes)`, `cron(0 10 ? * MON-FRI *)`, `at(2026-11-20T13:00:00)`. The time zone
 * holds for cron and at. Throws ValidationException.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseExpression(expression: string, timeZone: string): Timetable {
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  checkZone(timeZone);
  switch (kind) {
    case 'rate':
      return rate(expression, body);
    case 'at':
      return at(expression, body, timeZone);
    case 'cron':
      return cron(expression, body, timeZone);
    default:
      throw invalid(expression);
  }
}

function rate(expression: string, body: string): Timetable {
  const [, value = '', unit, plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const count = Number(value);
  // AWS takes `1 minute` and `2 minutes`, and neither `1 minutes` nor `2 minute`.
  if ((unit !== 'minute' && unit !== 'hour' && unit !== 'day') || count < 1 || (count === 1) === (plural === 's')) {
    throw invalid(expression);
  }
  const everyMs = count * unitMs[unit];
  const next = (afterMs: number, anchorMs: number) =>
    afterMs < anchorMs ? anchorMs : anchorMs + (Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
  return { next, isOnce: false };
}

function at(expression: string, body: string, timezone: string): Timetable {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) throw invalid(expression);
  try {
    const dueMs = new Cron(body, { timezone }).nextRun(new Date(0))?.getTime();
    return { next: (afterMs) => (dueMs !== undefined && dueMs > afterMs ? dueMs : undefined), isOnce: true };
  } catch {
    throw invalid(expression);
  }
}

/** Minute, hour, day of month, month, day of week, year. */
const fieldsOfCron = 6;

/**
 * The cron of AWS: six fields, days of the week from 1, Sunday, to 7, and a `?` in one of the two fields of days.
 */
function cron(expression: string, body: string, timezone: string): Timetable {
  const fields = body.trim().split(/ +/);
  const [minute, hour, dayOfMonth, month, dayOfWeek = '', year] = fields;
  const hasOneDay = (dayOfMonth === '?') !== (dayOfWeek === '?');
  if (fields.length !== fieldsOfCron || !hasOneDay || /(?:^|[^#])\b[089]|\d\d/.test(dayOfWeek.replace(/\/\d+/, ''))) {
    throw invalid(expression);
  }
  const pattern = [
    '0',
    minute,
    overMidnight(hour ?? ''),
    dayOfMonth,
    month,
    dayOfWeek === 'L' ? '7' : dayOfWeek,
    year,
  ].join(' ');
  try {
    const dates = new Cron(pattern, { timezone, mode: '7-part', alternativeWeekdays: true, sloppyRanges: true });
    return { next: (afterMs) => dates.nextRun(new Date(afterMs))?.getTime(), isOnce: false };
  } catch {
    throw invalid(expression);
  }
}

/** `20-2` are the hours from 20 to 23 and from 0 to 2. */
function overMidnight(hours: string): string {
  return hours.replaceAll(/\b(\d+)-(\d+)\b(?!\/)/g, (range, from: string, to: string) =>
    Number(from) > Number(to) ? `${from}-23,0-${to}` : range,
  );
}

function checkZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new AwsError('ValidationException', `Invalid Timezone ${timeZone}.`, { cause });
  }
}

function invalid(expression: string): AwsError {
  return new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
}
