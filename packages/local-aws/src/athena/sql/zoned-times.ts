import { isJsonObject } from '@tweet-pipes/kit/json';
import { jodaPattern } from './date-patterns.ts';
import type { EmitScope } from './emit-scope.ts';
import { isPresent, listOf, nameOf, nodeOf, ofKind, stringLiteral, unmarked } from './syntax-tree.ts';
import { quoted, text } from './types.ts';

/** A time that carries a zone, which no type of DuckDB does, in DuckDB's SQL. */
export interface ZonedTime {
  /** The time on the wall, a TIMESTAMP. */
  local: string;
  /** The moment, a TIMESTAMPTZ. */
  instant: string;
  /** The name of the zone, a text. */
  zone: string;
  /** The zone where the query itself names it. Undefined: each value has its own. */
  name: string | undefined;
}

const UTC = /^(utc|gmt|z|[+-]00:?00)$/i;
const CLOCK_UNITS = ['hour', 'minute', 'second', 'millisecond'];

/**
 * Reads expressions that are times in a zone other than UTC. Functions of the wall clock take the local time,
 * comparisons the moment, and results print both.
 */
export function zonedTimes(
  scope: EmitScope,
  emit: (node: unknown) => string,
): { zonedTime(node: unknown): ZonedTime | undefined; instant(node: unknown): string } {
  const named = (local: string, instant: string, name: string): ZonedTime | undefined =>
    UTC.test(name) ? undefined : { local, instant, zone: text(name), name };
  const instant = (node: unknown): string => zonedTime(node)?.instant ?? emit(node);

  const zonedTime = (node: unknown): ZonedTime | undefined => {
    if (!isJsonObject(node)) return undefined;
    const { kind, body } = nodeOf(node);
    switch (kind) {
      case 'paren':
        return zonedTime(body.this);
      case 'at_time_zone':
        return inZone(`athena_utc(${instant(body.this)})`, body.zone);
      case 'min':
      case 'max': {
        const base = zonedTime(body.this);
        if (base?.name === undefined || isPresent(body.filter) || isPresent(body.expressions)) return undefined;
        const moment = `${kind}(${base.instant})`;
        return named(`athena_local(${moment}, ${base.zone})`, moment, base.name);
      }
      case 'literal': {
        if (body.literal_type !== 'timestamp') return undefined;
        const [, local, name] = /^(\S+(?: [\d:.]+)?) ?([A-Za-z]\S*|[+-]\d{2}:\d{2})$/.exec(String(body.value)) ?? [];
        if (local === undefined || name === undefined) return undefined;
        const wall = `TIMESTAMP ${text(local)}`;
        return named(wall, `athena_instant(${wall}, ${text(name)})`, name);
      }
      case 'column': {
        const column = nameOf(body.name) ?? '';
        const name = scope.zonedNames.get(column.toLowerCase());
        if (name === undefined || scope.lambdaParameter(column) !== undefined) return undefined;
        const table = nameOf(body.table);
        const local = table === undefined ? quoted(column) : `${quoted(table)}.${quoted(column)}`;
        return named(local, `athena_instant(${local}, ${text(name)})`, name);
      }
      case 'add':
      case 'sub': {
        const unit = ofKind(body.right, 'interval')?.unit;
        if (!isJsonObject(unit)) return undefined;
        const base = zonedTime(body.left);
        if (base === undefined) return undefined;
        const amount = `${kind === 'sub' ? '-' : ''}${emit(body.right)}`;
        return shifted(base, String(unit.unit).toLowerCase(), (value) => `athena_shift(${value}, ${amount})`);
      }
      case 'function':
        return ofCall(unmarked(String(body.name)).toLowerCase(), listOf(body.args));
      default:
        return undefined;
    }
  };

  const ofCall = (name: string, args: readonly unknown[]): ZonedTime | undefined => {
    switch (name) {
      case 'at_timezone':
        return inZone(`athena_utc(${instant(args[0])})`, args[1]);
      case 'from_unixtime':
        return args.length === 2 ? inZone(`to_timestamp(${emit(args[0])})`, args[1]) : undefined;
      case 'with_timezone': {
        const zone = stringLiteral(args[1]) ?? scope.unsupported('a zone that is no literal', name);
        const local = `CAST(${emit(args[0])} AS TIMESTAMP)`;
        return named(local, `athena_instant(${local}, ${text(zone)})`, zone);
      }
      case 'from_iso8601_timestamp':
      case 'parse_datetime': {
        const literal = stringLiteral(args[0]);
        const pattern = stringLiteral(args[1]);
        if (name === 'parse_datetime' && (pattern === undefined || !pattern.replaceAll(/'[^']*'/g, '').includes('Z'))) {
          return undefined;
        }
        // Without an offset in it, a text is a time in UTC.
        if (literal !== undefined && !/[+-]\d{2}:?\d{2}$/.test(literal) && name !== 'parse_datetime') return undefined;
        const value = emit(args[0]);
        const moment =
          name === 'parse_datetime'
            ? `CAST(strptime(${value}, ${text(jodaPattern(pattern ?? '', 'parse'))}) AS TIMESTAMPTZ)`
            : `athena_from_iso8601(${value})`;
        const zone = `athena_offset_name(${value})`;
        return { local: `athena_at_offset(${moment}, ${zone})`, instant: moment, zone, name: undefined };
      }
      case 'date_trunc': {
        const base = zonedTime(args[1]);
        const unit = stringLiteral(args[0]);
        return base && unit !== undefined
          ? byWallClock(base, (value) => `athena_truncate(${text(unit.toLowerCase())}, ${value})`)
          : undefined;
      }
      case 'date_add': {
        const base = zonedTime(args[2]);
        const unit = stringLiteral(args[0])?.toLowerCase();
        if (base === undefined || unit === undefined) return undefined;
        return shifted(base, unit, (value) => `athena_add('${unit}', ${emit(args[1])}, ${value})`);
      }
      default:
        return undefined;
    }
  };

  const inZone = (moment: string, zone: unknown): ZonedTime | undefined => {
    const name = stringLiteral(zone) ?? scope.unsupported('a zone that is no literal', 'zone');
    return named(`athena_local(${moment}, ${text(name)})`, moment, name);
  };

  const byWallClock = (base: ZonedTime, change: (value: string) => string): ZonedTime => {
    const local = change(base.local);
    return { ...base, local, instant: `athena_instant(${local}, ${base.zone})` };
  };

  /** Hours and less are added to the moment, days and more to the time on the wall. */
  const shifted = (base: ZonedTime, unit: string, change: (value: string) => string): ZonedTime => {
    if (!CLOCK_UNITS.includes(unit)) return byWallClock(base, change);
    const moment = change(base.instant);
    return { ...base, instant: moment, local: `athena_local(${moment}, ${base.zone})` };
  };

  return { zonedTime, instant };
}
