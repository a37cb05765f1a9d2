import type { TableColumn } from '../engine/messages.ts';
import type { Condition } from '../sql/emit-scope.ts';
import { QueryError } from '../sql/query-error.ts';

type Parameters = Readonly<Record<string, string>>;

/** Whether a value is one that the projection of a key gives. */
type KeyRule = (value: string) => boolean;

/** The projection of a table: which keys of objects are its partitions. */
export interface Projection {
  /** The part of every location that is the same: `tweets/`. */
  prefix: string;
  bucket: string;
  /** The values of the partition keys in the key of an object. Undefined for one that belongs to no partition. */
  partitionOf(key: string): string[] | undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  SECONDS: 1_000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  DAYS: 86_400_000,
  WEEKS: 604_800_000,
};

/**
 * Reads the partition projection from the properties of a table. Undefined when it is not enabled. A wrong or missing
 * property is HIVE_METASTORE_ERROR, as on AWS.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
 *
 * @param conditions of each place where the table stands: a key of the type `injected` needs `=` or IN there
 * @param nowMs what `NOW` in a range stands for
 */
export function parseProjection(
  table: { name: string; location: string; keys: readonly TableColumn[]; parameters: Parameters },
  conditions: readonly (readonly Condition[])[],
  nowMs: number,
): Projection | undefined {
  const parameters = Object.fromEntries(
    Object.entries(table.parameters).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (parameters['projection.enabled']?.toLowerCase() !== 'true') return undefined;
  const fail = (text: string): never => {
    throw new QueryError('HIVE_METASTORE_ERROR', `Table ${table.name}: ${text}`);
  };
  const rules = new Map<string, KeyRule>();
  for (const { name } of table.keys) {
    const at = `projection.${name.toLowerCase()}`;
    const rule = (): KeyRule => {
      const type = parameters[`${at}.type`];
      switch (type?.toLowerCase()) {
        case 'enum':
          return enumRule(parameters, at, fail);
        case 'integer':
          return integerRule(parameters, at, fail);
        case 'date':
          return dateRule(parameters, at, fail, nowMs);
        case 'injected':
          return injectedRule(name, conditions);
        case undefined:
          return fail(`the property ${at}.type is missing for the partition key ${name}`);
        default:
          return fail(`${at}.type is ${type}, which is none of enum, integer, date, injected`);
      }
    };
    rules.set(name.toLowerCase(), rule());
  }
  const template = parameters['storage.location.template'] ?? defaultTemplate(table.location, table.keys);
  return matcher(template, table.keys, rules, fail);
}

/** Without a template, partitions lie in Hive's folders: `year=2026/`. */
function defaultTemplate(location: string, keys: readonly TableColumn[]): string {
  return `${location.replace(/\/?$/, '/')}${keys.map(({ name }) => `${name}=\${${name}}/`).join('')}`;
}

function matcher(
  template: string,
  keys: readonly TableColumn[],
  rules: ReadonlyMap<string, KeyRule>,
  fail: (text: string) => never,
): Projection {
  const parsed = /^s3:\/\/([^/]+)\/(.*)$/.exec(template);
  if (parsed === null) return fail(`storage.location.template ${template} is no location in S3`);
  const [, bucket = '', path = ''] = parsed;
  if (!path.endsWith('/')) return fail(`storage.location.template ${template} must end in /`);
  const named: string[] = [];
  const pattern = path.split(/(\$\{[^}]+\})/).map((part) => {
    const name = /^\$\{([^}]+)\}$/.exec(part)?.[1]?.toLowerCase();
    if (name === undefined) return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    if (!rules.has(name)) return fail(`storage.location.template names \${${name}}, which is no partition key`);
    named.push(name);
    // A value of the type date may hold slashes.
    return '(.+?)';
  });
  for (const { name } of keys) {
    if (!named.includes(name.toLowerCase())) fail(`storage.location.template does not name \${${name}}`);
  }
  const whole = new RegExp(`^${pattern.join('')}`);
  return {
    bucket,
    prefix: path.split('${')[0] ?? '',
    partitionOf(key) {
      const values = matches(whole, key, named, rules);
      return values && keys.map(({ name }) => values.get(name.toLowerCase()) ?? '');
    },
  };
}

/** Slashes may be part of a value, so longer values are tried until every rule takes its own. */
function matches(
  whole: RegExp,
  key: string,
  named: readonly string[],
  rules: ReadonlyMap<string, KeyRule>,
): Map<string, string> | undefined {
  const slashes = [...key.matchAll(/\//g)].map(({ index }) => index + 1);
  for (const end of slashes) {
    const found = new RegExp(`${whole.source}$`).exec(key.slice(0, end));
    if (found === null) continue;
    const values = new Map(named.map((name, index) => [name, found[index + 1] ?? '']));
    if ([...values].every(([name, value]) => rules.get(name)?.(value) === true)) return values;
  }
  return undefined;
}

function enumRule(parameters: Parameters, at: string, fail: (text: string) => never): KeyRule {
  const values = parameters[`${at}.values`]?.split(',').map((value) => value.trim());
  if (values === undefined) return fail(`the property ${at}.values is missing`);
  return (value) => values.includes(value);
}

function integerRule(parameters: Parameters, at: string, fail: (text: string) => never): KeyRule {
  const [low, high] = (parameters[`${at}.range`] ?? '').split(',').map((text) => text.trim());
  if (low === undefined || high === undefined || !/^-?\d+$/.test(low) || !/^-?\d+$/.test(high)) {
    return fail(`the property ${at}.range must be two whole numbers, as in 0,23`);
  }
  const interval = BigInt(parameters[`${at}.interval`] ?? 1);
  const digits = Number(parameters[`${at}.digits`] ?? 0);
  return (value) => {
    if (!/^-?\d+$/.test(value)) return false;
    const number = BigInt(value);
    const sign = number < 0n ? '-' : '';
    const written = `${sign}${(number < 0n ? -number : number).toString().padStart(digits, '0')}`;
    return (
      value === written && number >= BigInt(low) && number <= BigInt(high) && (number - BigInt(low)) % interval === 0n
    );
  };
}

function dateRule(parameters: Parameters, at: string, fail: (text: string) => never, nowMs: number): KeyRule {
  const format = parameters[`${at}.format`];
  if (format === undefined) return fail(`the property ${at}.format is missing`);
  const read = dateReader(format, (letters) =>
    fail(`${at}.format has ${letters}, which the local Athena does not support`),
  );
  const isCoarse = !/[Hhms]/.test(format.replaceAll(/'[^']*'/g, ''));
  const unit = parameters[`${at}.interval.unit`]?.toUpperCase();
  const interval = Number(parameters[`${at}.interval`] ?? 1);
  if (!isCoarse && (unit === undefined || parameters[`${at}.interval`] === undefined)) {
    return fail(`${at}.interval and ${at}.interval.unit are required for the format ${format}`);
  }
  if (unit !== undefined && UNITS[unit] === undefined && unit !== 'MONTHS' && unit !== 'YEARS') {
    return fail(`${at}.interval.unit is ${unit}, which is no unit of time`);
  }
  const bounds = (parameters[`${at}.range`] ?? '').split(',').map((text) => text.trim());
  const bound = (text: string | undefined): number => {
    const relative = /^NOW(?:\s*([+-])\s*(\d+)\s*([A-Z]+?)S?)?$/i.exec(text ?? '');
    if (relative !== null) {
      const [, sign, amount = '0', name = 'DAY'] = relative;
      const size = UNITS[`${name.toUpperCase()}S`] ?? (/^MONTH/i.test(name) ? 31 : 366) * 86_400_000;
      return nowMs + (sign === '-' ? -1 : 1) * Number(amount) * size;
    }
    return read(text ?? '') ?? fail(`the property ${at}.range must be two dates in the format ${format}, or NOW`);
  };
  const [low, high] = [bound(bounds[0]), bound(bounds[1])];
  const stepMs = unit === undefined ? undefined : UNITS[unit];
  return (value) => {
    const time = read(value);
    if (time === undefined || time < low || time > high) return false;
    return stepMs === undefined || interval === 1 || (time - low) % (stepMs * interval) === 0;
  };
}

const LETTERS: Readonly<Record<string, [part: number, pattern: string]>> = {
  yyyy: [0, '(\\d{4})'],
  MM: [1, '(\\d{2})'],
  M: [1, '(\\d{1,2})'],
  dd: [2, '(\\d{2})'],
  d: [2, '(\\d{1,2})'],
  HH: [3, '(\\d{2})'],
  H: [3, '(\\d{1,2})'],
  mm: [4, '(\\d{2})'],
  ss: [5, '(\\d{2})'],
};

/** Reads dates in a format of Java, in UTC, as milliseconds. */
function dateReader(format: string, refuse: (letters: string) => never): (text: string) => number | undefined {
  const parts: number[] = [];
  const pattern = format.replaceAll(
    /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']/g,
    (found, quoted?: string, letter?: string) => {
      if (letter === undefined) return (quoted ?? found).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      const [part, digits] = LETTERS[found] ?? refuse(found);
      parts.push(part);
      return digits;
    },
  );
  const whole = new RegExp(`^${pattern}$`);
  return (text) => {
    const found = whole.exec(text);
    if (found === null) return undefined;
    const fields = [1970, 1, 1, 0, 0, 0];
    for (const [index, part] of parts.entries()) fields[part] = Number(found[index + 1]);
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields;
    const time = Date.UTC(year, month - 1, day, hour, minute, second);
    const date = new Date(time);
    return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 ? time : undefined;
  };
}

function injectedRule(name: string, conditions: readonly (readonly Condition[])[]): KeyRule {
  const column = name.toLowerCase();
  const perPlace = conditions.map((place) =>
    place.filter((each) => each.column === column && (each.operator === '=' || each.operator === 'in')),
  );
  if (perPlace.some((place) => place.length === 0)) {
    throw new QueryError(
      'CONSTRAINT_VIOLATION',
      `For the injected projected partition column ${name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
    );
  }
  const allowed = new Set(perPlace.flat().flatMap(({ values }) => values));
  return (value) => allowed.has(value);
}
