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
  // Scheduler takes `1 minute` and `1 minutes`, unlike the rules of EventBridge. `2 minute` is refused (recalled).
  const isNumbered = count === 1 || (count > 1 && plural === 's');
  if ((unit !== 'minute' && unit !== 'hour' && unit !== 'day') || !isNumbered) throw invalid(expression);
  const everyMs = count * unitMs[unit];
  const next = (afterMs: number, anchorMs: number) =>
    afterMs < anchorMs ? anchorMs : anchorMs + (Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
  return { next, isOnce: false };
}

function at(expression: string, body: string, timezone: string): Timetable {
  const asUtc = Date.parse(`${body}Z`);
  // JavaScript takes the 30th of February for the 2nd of March.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== body) throw invalid(expression);
  try {
    const dueMs = new Cron(body, { timezone }).nextRun(new Date(0))?.getTime();
    return { next: (afterMs) => (dueMs !== undefined && dueMs > afterMs ? dueMs : undefined), isOnce: true };
  } catch {
    throw invalid(expression);
  }
}

const namesOfMonths = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const namesOfDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface FieldOfCron {
  low: number;
  high: number;
  /** Names of the values, from `low`. */
  names?: readonly string[];
  mayBeOpen?: true;
}

/** Minute, hour, day of month, month, day of week, year. */
const fieldsOfCron: readonly FieldOfCron[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31, mayBeOpen: true },
  { low: 1, high: 12, names: namesOfMonths },
  { low: 1, high: 7, names: namesOfDays, mayBeOpen: true },
  { low: 1970, high: 2199 },
];

/**
 * The cron of AWS: six fields, days of the week from 1, Sunday, to 7, and a `?` in one of the two fields of days. What
 * falls into the hour that the clock leaves out is skipped.
 */
function cron(expression: string, body: string, timezone: string): Timetable {
  const fields = body.trim().split(/ +/);
  if (fields.length !== fieldsOfCron.length) throw invalid(expression);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fieldsOfCron.map((rule, index) =>
    checkedField(fields[index] ?? '', rule, expression),
  );
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw invalid(expression);
  const pattern = ['0', minute, hour, dayOfMonth, month, dayOfWeek === 'L' ? '7' : dayOfWeek, year].join(' ');
  try {
    const dates = new Cron(pattern, { timezone, mode: '7-part', alternativeWeekdays: true, sloppyRanges: true });
    const next = (afterMs: number): number | undefined => {
      let date = dates.nextRun(new Date(afterMs));
      // Croner moves what the clock leaves out behind the gap.
      while (date !== null && !dates.match(date)) date = dates.nextRun(date);
      return date?.getTime();
    };
    return { next, isOnce: false };
  } catch {
    throw invalid(expression);
  }
}

/** Refuses what croner takes and AWS does not. Returns the field with its ranges in croner's form. */
function checkedField(field: string, rule: FieldOfCron, expression: string): string {
  if (field.includes('?') && (field !== '?' || rule.mayBeOpen === undefined)) throw invalid(expression);
  // The numbers behind # and / count something else.
  for (const number of field.replaceAll(/[#/][^,]*/g, '').match(/\d+/g) ?? []) {
    if (Number(number) < rule.low || Number(number) > rule.high) throw invalid(expression);
  }
  return field
    .split(',')
    .map((item) => unwrappedRange(item, rule))
    .join(',');
}

/** Writes a range that wraps around (`20-2`, `FRI-MON`, `50-10/5`) as a list of its values. */
function unwrappedRange(item: string, { low, high, names = [] }: FieldOfCron): string {
  const [, first, last, step = '1'] = /^(\w+)-(\w+)(?:\/(\d+))?$/.exec(item) ?? [];
  if (first === undefined || last === undefined || Number(step) < 1) return item;
  const [from, to] = [first, last].map((text) => {
    const index = names.indexOf(text.toUpperCase());
    return index === -1 ? Number(text) : low + index;
  });
  if (from === undefined || to === undefined || !(from > to)) return item;
  const size = high - low + 1;
  const values: number[] = [];
  for (let value = from; value <= to + size; value += Number(step)) values.push(value > high ? value - size : value);
  return values.join(',');
}

function checkZone(timeZone: string): void {
  if (timeZone === 'UTC') return; // The first question to Node's time zones takes 13 ms.
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new AwsError('ValidationException', `Invalid Timezone ${timeZone}.`, { cause });
  }
}

function invalid(expression: string): AwsError {
  return new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
}
