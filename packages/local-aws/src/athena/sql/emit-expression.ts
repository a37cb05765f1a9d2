import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { EmitScope } from './emit-scope.ts';
import { aggregateFunctions, constantFunctions, scalarFunctions } from './functions.ts';
import { completeJson } from './json-cast.ts';
import { lambdaFunctions } from './lambda-functions.ts';
import {
  FUNCTION_MARK,
  isPresent,
  listOf,
  nameOf,
  nodeOf,
  numberLiteral,
  ofKind,
  stringLiteral,
  unmarked,
} from './syntax-tree.ts';
import { duckdbType, quoted, text } from './types.ts';
import { type ZonedTime, zonedTimes } from './zoned-times.ts';

const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  null_safe_eq: 'IS NOT DISTINCT FROM',
  null_safe_neq: 'IS DISTINCT FROM',
  and: 'AND',
  or: 'OR',
  mul: '*',
};
const QUANTIFIED: Readonly<Record<string, string>> = { Eq: '=', Neq: '<>', Lt: '<', Lte: '<=', Gt: '>', Gte: '>=' };
const AGGREGATES = ['sum', 'avg', 'min', 'max', 'array_agg'];
/** Functions for the fields of EXTRACT. */
const PARTS: Readonly<Record<string, string>> = {
  Year: 'year',
  Quarter: 'quarter',
  Month: 'month',
  Week: 'weekofyear',
  Day: 'day',
  DayOfMonth: 'day',
  DayOfWeek: 'isodow',
  Dow: 'isodow',
  DayOfYear: 'dayofyear',
  Doy: 'dayofyear',
  Hour: 'hour',
  Minute: 'minute',
  Second: 'second',
};
/** Functions of the wall clock, which take the local time of a time in a zone. */
const LOCAL_FUNCTIONS = new Set(
  (
    'year month day hour minute second millisecond quarter week week_of_year year_of_week yow day_of_month day_of_week ' +
    'dow day_of_year doy last_day_of_month date date_format format_datetime'
  ).split(' '),
);
/** Functions of the moment. */
const MOMENT_FUNCTIONS = new Set(['to_unixtime', 'date_diff', 'approx_distinct']);
const WINDOW_FUNCTIONS = ['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist'];

/** Emits DuckDB's SQL for parts of a query. Each throws `QueryError` for what is not supported. */
export interface ExpressionEmitter {
  expression(node: unknown): string;
  /** An expression to group or sort by. */
  key(node: unknown): string;
  /** A time in a zone other than UTC. Undefined for anything else. */
  zonedTime(node: unknown): ZonedTime | undefined;
  /** The specification of a window, without its parentheses. */
  window(spec: JsonObject): string;
}

/** Emits expressions; queries inside of them by `emitQuery`. */
export function expressionEmitter(scope: EmitScope, emitQuery: (node: unknown) => string): ExpressionEmitter {
  let castDepth = 0;
  const emit = (node: unknown): string => {
    const { kind, body } = nodeOf(node);
    const operator = COMPARISONS[kind];
    if (operator !== undefined) {
      const [left, right] = [instant(body.left), instant(body.right)];
      const compared = `(${left} ${operator} ${right})`;
      return kind === 'and' || kind === 'or' || kind === 'mul' ? compared : checked(compared, [body.left, body.right]);
    }
    if (AGGREGATES.includes(kind)) return aggregate(kind, body);
    switch (kind) {
      case 'literal':
        return literal(body);
      case 'boolean':
        return body.value === true ? 'true' : 'false';
      case 'null':
        return 'NULL';
      case 'column':
        return column(body);
      case 'identifier':
        return quoted(nameOf(body) ?? '');
      case 'dot':
        return `${emit(body.this)}.${quoted(nameOf(body.field) ?? '')}`;
      case 'paren':
        return `(${emit(body.this)})`;
      case 'alias':
        return emit(body.this);
      case 'not':
        return `(NOT ${emit(body.this)})`;
      case 'neg':
        return `(-${emit(body.this)})`;
      case 'add':
      case 'sub':
        return sum(kind, body);
      case 'div':
        return `athena_divide(${emit(body.left)}, ${emit(body.right)})`;
      case 'mod':
        return `athena_modulo(${emit(body.left)}, ${emit(body.right)})`;
      case 'between':
        return checked(
          `(${instant(body.this)} ${negation(body)}BETWEEN ${instant(body.low)} AND ${instant(body.high)})`,
          [body.this, body.low, body.high],
        );
      case 'concat':
        return concatenation(node);
      case 'in':
        return membership(body);
      case 'like': {
        const escaped = isPresent(body.escape) ? ` ESCAPE ${emit(body.escape)}` : '';
        return `(${emit(body.left)} LIKE ${emit(body.right)}${escaped})`;
      }
      case 'is_null':
        return `(${instant(body.this)} IS ${negation(body)}NULL)`;
      case 'is_true':
        return `(${emit(body.this)} IS ${negation(body)}TRUE)`;
      case 'is_false':
        return `(${emit(body.this)} IS ${negation(body)}FALSE)`;
      case 'any':
      case 'all': {
        const compare = QUANTIFIED[String(body.op)] ?? scope.unsupported(`this comparison with ${kind.toUpperCase()}`);
        const among = nodeOf(body.subquery).kind === 'values' ? `(${emitQuery(body.subquery)})` : emit(body.subquery);
        return `(${emit(body.this)} ${compare} ${kind.toUpperCase()} ${among})`;
      }
      case 'exists':
        return `${negation(body)}EXISTS (${emitQuery(body.this)})`;
      case 'subquery':
        return `(${emitQuery(body.this)})`;
      case 'case':
        return caseOf(body);
      case 'if_func': {
        const otherwise = isPresent(body.false_value) ? ` ELSE ${emit(body.false_value)}` : '';
        return `CASE WHEN ${emit(body.condition)} THEN ${emit(body.true_value)}${otherwise} END`;
      }
      case 'coalesce':
        return `coalesce(${listOf(body.expressions).map(emit).join(', ')})`;
      case 'array_func':
      case 'array':
        return `[${listOf(body.expressions).map(emit).join(', ')}]`;
      case 'tuple':
        return `(${listOf(body.expressions).map(emit).join(', ')})`;
      case 'subscript': {
        const macro = stringLiteral(body.index) === undefined ? 'athena_at' : 'athena_value';
        return `${macro}(${emit(body.this)}, ${emit(body.index)})`;
      }
      case 'cast':
        return cast(body);
      case 'try_cast':
        return `TRY(${cast(body)})`;
      case 'at_time_zone':
        return zonedTime(node) === undefined ? `athena_utc(${instant(body.this)})` : refuseZoned();
      case 'interval':
        return interval(body);
      case 'extract': {
        const name = PARTS[String(body.field)] ?? scope.unsupported(`EXTRACT of ${String(body.field)}`, 'extract');
        return `${name}(${local(body.this)})`;
      }
      case 'substring': {
        const length = isPresent(body.length) ? `, ${emit(body.length)}` : '';
        return `athena_substring(${emit(body.this)}, ${emit(body.start)}${length})`;
      }
      case 'str_position':
        return `strpos(${emit(body.this)}, ${emit(body.substr)})`;
      case 'trim': {
        const name = { Leading: 'ltrim', Trailing: 'rtrim' }[String(body.position)] ?? 'trim';
        const characters = isPresent(body.characters) ? `, ${emit(body.characters)}` : '';
        return `${name}(${emit(body.this)}${characters})`;
      }
      case 'parse_json':
        return `CAST(${emit(body.this)} AS JSON)`;
      case 'count': {
        const argument = body.star === true ? '*' : `${distinct(body)}${instant(body.this)}`;
        return `count(${argument})${filter(body)}`;
      }
      case 'filter':
        return call(
          body.this,
          ` FILTER (WHERE ${emit(isJsonObject(body.expression) ? body.expression : body.filter)})`,
        );
      case 'within_group':
        return listagg(body);
      case 'window_function':
        return windowFunction(body);
      case 'function':
      case 'aggregate_function':
        return call(node, '');
      case 'lambda':
        return scope.unsupported('a lambda in this place');
      default:
        return scope.unsupported(`the expression ${kind.replaceAll('_', ' ')}`);
    }
  };

  const { zonedTime, instant } = zonedTimes(scope, (node) => emit(node));
  const local = (node: unknown): string => zonedTime(node)?.local ?? emit(node);
  const key = (node: unknown): string => {
    const zoned = zonedTime(node);
    return zoned?.name === undefined ? emit(node) : zoned.local;
  };
  const refuseZoned = (at = 'zone'): never => scope.unsupported('a time in a zone in this place', at);
  /** A comparison, with an error where a literal is a text and another operand is none, or the reverse. */
  const checked = (compared: string, operands: readonly unknown[]): string => {
    const literals = operands.map((each) =>
      stringLiteral(each) !== undefined ? 'text' : numberLiteral(each) !== undefined ? 'number' : undefined,
    );
    const [literal] = literals.filter((each) => each !== undefined);
    const others = operands.filter((_, index) => literals[index] === undefined || literals[index] !== literal);
    if (literal === undefined || others.length === 0) return compared;
    const types = others.map((each) => `typeof(${instant(each)})`).join(', ');
    return `athena_comparable_${literal}([${types}], ${compared})`;
  };

  const negation = (body: JsonObject): string => (body.not === true ? 'NOT ' : '');
  const distinct = (body: JsonObject): string => (body.distinct === true ? 'DISTINCT ' : '');
  const filter = (body: JsonObject): string => (isPresent(body.filter) ? ` FILTER (WHERE ${emit(body.filter)})` : '');

  const literal = ({ literal_type: type, value }: JsonObject): string => {
    const content = String(value);
    switch (type) {
      case 'number':
        return content;
      case 'string':
        return text(content);
      case 'date':
        return `athena_date(${text(content)})`;
      case 'time':
        return `TIME ${text(content)}`;
      case 'timestamp': {
        if (zonedTime({ literal: { literal_type: type, value: content } }) !== undefined) return refuseZoned();
        const isMoment = /[A-Za-z]$|:\d{2}(?:\.\d+)? ?[+-]\d{2}:\d{2}$/.test(content);
        return `${isMoment ? 'TIMESTAMPTZ' : 'TIMESTAMP'} ${text(content)}`;
      }
      case 'hex_string':
        return `unhex(${text(content)})`;
      default:
        return scope.unsupported(`a literal of the kind ${String(type)}`);
    }
  };

  const column = (body: JsonObject): string => {
    const name = nameOf(body.name) ?? '';
    const table = nameOf(body.table);
    const parameter = scope.lambdaParameter(table ?? name);
    if (parameter !== undefined) return table === undefined ? parameter : `${parameter}.${quoted(name)}`;
    if (scope.zonedNames.has(name.toLowerCase())) return refuseZoned(name);
    return table === undefined ? quoted(name) : `${quoted(table)}.${quoted(name)}`;
  };

  /** Whether an expression is certainly a date or a time, so that a difference is an interval. */
  const isTime = (node: unknown): boolean => {
    const { kind, body } = nodeOf(node);
    switch (kind) {
      case 'literal':
        return body.literal_type === 'date' || body.literal_type === 'timestamp';
      case 'cast':
        return isJsonObject(body.to) && ['date', 'timestamp'].includes(String(body.to.data_type));
      case 'column':
        return scope.dateColumns.has((nameOf(body.name) ?? '').toLowerCase());
      case 'paren':
        return isTime(body.this);
      case 'function':
        return /^(current_date|current_timestamp|localtimestamp|now|date|date_trunc|date_add|date_parse|from_.*|parse_datetime|last_day_of_month)$/i.test(
          unmarked(String(body.name)),
        );
      default:
        return false;
    }
  };

  const sum = (kind: 'add' | 'sub', { left, right }: JsonObject): string => {
    const [a, b] = [emit(left), emit(right)];
    if (ofKind(right, 'interval') !== undefined) return `athena_shift(${a}, ${kind === 'sub' ? `-${b}` : b})`;
    if (ofKind(left, 'interval') !== undefined && kind === 'add') return `athena_shift(${b}, ${a})`;
    if (kind === 'sub' && isTime(left) && isTime(right)) return `athena_between_dates(${a}, ${b})`;
    return `(${a} ${kind === 'add' ? '+' : '-'} ${b})`;
  };

  const interval = (body: JsonObject): string => {
    const amount = stringLiteral(body.this) ?? stringLiteral(ofKind(body.this, 'neg')?.this);
    const sign = ofKind(body.this, 'neg') === undefined ? '' : '-';
    const unit = isJsonObject(body.unit) && body.unit.type === 'simple' ? String(body.unit.unit) : undefined;
    if (amount === undefined || unit === undefined || !/^-?\d+(\.\d+)?$/.test(amount)) {
      return scope.unsupported('this INTERVAL', 'interval');
    }
    return `to_${unit.toLowerCase()}s(${sign}${amount})`;
  };

  const membership = (body: JsonObject): string => {
    if (isPresent(body.query)) return `(${instant(body.this)} ${negation(body)}IN (${emitQuery(body.query)}))`;
    const list = listOf(body.expressions);
    const emitted = list.map((each) => instant(each)).join(', ');
    return checked(`(${instant(body.this)} ${negation(body)}IN (${emitted}))`, [body.this, ...list]);
  };

  const caseOf = (body: JsonObject): string => {
    const operand = isPresent(body.operand) ? ` ${emit(body.operand)}` : '';
    const whens = listOf(body.whens).map((when) => {
      const [condition, result] = listOf(when);
      return ` WHEN ${emit(condition)} THEN ${emit(result)}`;
    });
    return `CASE${operand}${whens.join('')}${isPresent(body.else_) ? ` ELSE ${emit(body.else_)}` : ''} END`;
  };

  const cast = (body: JsonObject): string => {
    const type = duckdbType(body.to);
    const zoned = zonedTime(body.this);
    if (zoned !== undefined && type === 'VARCHAR') return `(athena_text(${zoned.local}) || ' ' || ${zoned.zone})`;
    castDepth += 1;
    const value = ['DATE', 'TIME', 'TIMESTAMP'].includes(type) ? local(body.this) : instant(body.this);
    castDepth -= 1;
    switch (type) {
      case 'VARCHAR': {
        const length = isJsonObject(body.to) && typeof body.to.length === 'number' ? body.to.length : undefined;
        const literalTime = ofKind(body.this, 'literal')?.literal_type === 'timestamp';
        const whole = literalTime ? `CAST(${value} AS VARCHAR)` : `athena_text(${value})`;
        return length === undefined ? whole : `left(${whole}, ${length})`;
      }
      case 'TINYINT':
      case 'SMALLINT':
      case 'INTEGER':
      case 'BIGINT':
        return `CAST(athena_whole(${value}) AS ${type})`;
      case 'DATE':
        return `athena_date(${value})`;
      case 'TIMESTAMP':
        return `athena_timestamp(${value})`;
      case 'JSON':
        return `CAST(to_json(${value}) AS JSON)`;
      default:
        return castToType(body, value, type);
    }
  };

  /** Whether a value is JSON is known of functions of JSON, and of columns when the query runs. */
  const castToType = (body: JsonObject, value: string, type: string): string => {
    const isColumn = nodeOf(body.this).kind === 'column';
    const json = isColumn || isJson(body.this) ? completeJson(value, body.to, () => scope.newName()) : undefined;
    if (json === undefined) return `CAST(${value} AS ${type})`;
    if (!isColumn) return `CAST(${json} AS ${type})`;
    return `CASE WHEN typeof(${value}) = 'JSON' THEN CAST(${json} AS ${type}) ELSE CAST(${value} AS ${type}) END`;
  };

  /** A cast gives a row its names by their places. Elsewhere Athena names them `field0`, `field1`. */
  const row = (nodes: readonly unknown[]): string => {
    if (castDepth > 0) return `row(${nodes.map(emit).join(', ')})`;
    return `{${nodes.map((node, index) => `field${index}: ${emit(node)}`).join(', ')}}`;
  };

  const ordering = (nodes: readonly unknown[]): string => nodes.map((node) => orderItem(node, key)).join(', ');

  /** `a || b || c`: texts or lists, and nothing else, which DuckDB would print. */
  const concatenation = (node: unknown): string => {
    const parts = concatenated(node).map((part) => emit(part));
    return `athena_concatenated([${parts.map((part) => `typeof(${part})`).join(', ')}], ${parts.join(' || ')})`;
  };

  const aggregate = (kind: string, body: JsonObject, { clause = '' } = {}): string => {
    const more = listOf(body.args ?? body.expressions).map((each) => `, ${emit(each)}`);
    const order = isPresent(body.order_by) ? ` ORDER BY ${ordering(listOf(body.order_by))}` : '';
    if (isPresent(body.having_max) || isPresent(body.limit)) return scope.unsupported(`this form of ${kind}`, kind);
    return typed(kind, `${distinct(body)}${emit(body.this)}${more.join('')}${order}`, `${filter(body)}${clause}`);
  };

  /** Sums are bounded, and averages of decimals are decimals. `clause` is what follows the call: FILTER, OVER. */
  const typed = (name: string, argument: string, clause: string): string => {
    const callOf = (each: string): string => `${each}(${argument})${clause}`;
    if (name === 'sum') return `athena_sum(${callOf('sum')})`;
    if (name === 'avg') return `athena_average(${['avg', 'sum', 'count'].map(callOf).join(', ')})`;
    return callOf(name);
  };

  /** A call by name. `clause` is its FILTER, if it stands around the call. */
  const call = (node: unknown, clause: string): string => {
    const { kind, body } = nodeOf(node);
    if (AGGREGATES.includes(kind)) return aggregate(kind, body, { clause });
    if (kind === 'count') return `${emit(node)}${clause}`;
    if (kind !== 'function' && kind !== 'aggregate_function') return scope.unsupported('FILTER in this place');
    const written = String(body.name);
    const name = unmarked(written).toLowerCase();
    const nodes = listOf(body.args);
    if (body.no_parens === true && constantFunctions[name] !== undefined) return constantFunctions[name];
    const lambda = lambdaFunctions[name];
    if (lambda !== undefined && written.startsWith(FUNCTION_MARK)) return lambda({ name, nodes, scope, emit });
    if (name === 'try') return `TRY(${nodes.map(emit).join(', ')})`;
    if (name === 'row') return row(nodes);
    if (zonedTime(node) !== undefined) {
      if (['at_timezone', 'with_timezone', 'from_unixtime'].includes(name)) return refuseZoned(name);
      const zoned = zonedTime(node);
      if (zoned !== undefined && ['from_iso8601_timestamp', 'parse_datetime'].includes(name)) {
        return `athena_in_utc(${zoned.instant}, ${zoned.zone})`;
      }
    }
    const read = LOCAL_FUNCTIONS.has(name) ? local : MOMENT_FUNCTIONS.has(name) ? instant : emit;
    const args = nodes.map((each) => read(each));
    const where = `${clause}${filter(body)}`;
    const forms = [aggregateFunctions[name] ?? []].flat();
    if (forms.length > 0) {
      const form = forms.find((each) => each.includes(`$${args.length}`) && !each.includes(`$${args.length + 1}`));
      if (form === undefined) return scope.unsupported(`${name} with ${args.length} arguments`, name);
      const keys =
        where === ''
          ? ` FILTER (WHERE ${args[0]} IS NOT NULL)`
          : where.replace('WHERE ', `WHERE ${args[0]} IS NOT NULL AND `);
      return form.replaceAll(/\$([\dfk])/g, (_, part: string) => {
        if (part === 'f') return where;
        if (part === 'k') return keys;
        return `${part === '1' && body.distinct === true ? 'DISTINCT ' : ''}${args[Number(part) - 1] ?? ''}`;
      });
    }
    if (body.distinct === true || where !== '') return scope.unsupported(`DISTINCT or FILTER of ${name}`, name);
    if (isPresent(body.ignore_nulls)) return `${name}(${args.join(', ')} IGNORE NULLS)`;
    const known = scalarFunctions.get(name);
    if (known === undefined) {
      return scope.fail('FUNCTION_NOT_FOUND', `Function '${name}' not registered in the local Athena`, name);
    }
    return known({ name, nodes, args, scope });
  };

  const listagg = (body: JsonObject): string => {
    const aggregateBody = ofKind(body.this, 'function') ?? {};
    const [value, separator = { literal: { literal_type: 'string', value: '' } }] = listOf(aggregateBody.args);
    if (unmarked(String(aggregateBody.name)).toLowerCase() !== 'listagg') return scope.unsupported('WITHIN GROUP');
    const unique = distinct(aggregateBody);
    return `string_agg(${unique}${emit(value)}, ${emit(separator)} ORDER BY ${ordering(listOf(body.order_by))})`;
  };

  const windowFunction = (body: JsonObject): string => {
    const over = isJsonObject(body.over) ? body.over : {};
    const name = nameOf(over.window_name);
    const window = name === undefined ? `(${windowOf(over)})` : quoted(name);
    const inner = isJsonObject(body.this) ? Object.keys(body.this)[0] : undefined;
    const called = inner === undefined ? {} : nodeOf(body.this).body;
    if (inner !== undefined && WINDOW_FUNCTIONS.includes(inner)) return `${inner}() OVER ${window}`;
    if (inner === 'lag' || inner === 'lead') {
      const more = [called.offset, called.default].flatMap((each) => (isPresent(each) ? `, ${emit(each)}` : ''));
      const nulls = called.ignore_nulls === true ? ' IGNORE NULLS' : '';
      return `${inner}(${emit(called.this)}${more.join('')}${nulls}) OVER ${window}`;
    }
    if (inner === 'sum' || inner === 'avg') return aggregate(inner, called, { clause: ` OVER ${window}` });
    const filtered = ofKind(body.this, 'filter');
    const summed = filtered && nodeOf(filtered.this);
    if (filtered !== undefined && summed !== undefined && ['sum', 'avg'].includes(summed.kind)) {
      return scope.unsupported(`FILTER and OVER of ${summed.kind}`, summed.kind);
    }
    return `${emit(body.this)} OVER ${window}`;
  };

  const windowOf = (spec: JsonObject): string => {
    const parts = [];
    if (isPresent(spec.partition_by)) parts.push(`PARTITION BY ${listOf(spec.partition_by).map(key).join(', ')}`);
    if (isPresent(spec.order_by)) parts.push(`ORDER BY ${ordering(listOf(spec.order_by))}`);
    if (isJsonObject(spec.frame)) {
      const { kind, start, end, exclude } = spec.frame;
      if (isPresent(exclude)) return scope.unsupported('EXCLUDE of a window');
      const first = frameBound(start, emit);
      const frame = isPresent(end) ? `BETWEEN ${first} AND ${frameBound(end, emit)}` : first;
      parts.push(`${String(kind).toUpperCase()} ${frame}`);
    }
    return parts.join(' ');
  };
  return { expression: emit, key, zonedTime, window: windowOf };
}

/** One item of ORDER BY. NULLs are last unless said otherwise, in both directions, as in DuckDB. */
export function orderItem(node: unknown, emit: (node: unknown) => string): string {
  if (!isJsonObject(node)) return '';
  const nulls = typeof node.nulls_first === 'boolean' ? ` NULLS ${node.nulls_first ? 'FIRST' : 'LAST'}` : '';
  return `${emit(node.this)}${node.desc === true ? ' DESC' : ''}${nulls}`;
}

function frameBound(bound: unknown, emit: (node: unknown) => string): string {
  switch (bound) {
    case 'UnboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'UnboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    case 'CurrentRow':
      return 'CURRENT ROW';
    default: {
      const { kind } = nodeOf(bound);
      const amount = isJsonObject(bound) ? bound[kind] : undefined;
      return `${emit(amount)} ${kind.toUpperCase()}`;
    }
  }
}

/** Whether an expression is certainly JSON. */
function isJson(node: unknown): boolean {
  const { kind, body } = nodeOf(node);
  if (kind === 'paren') return isJson(body.this);
  if (kind === 'cast') return isJsonObject(body.to) && body.to.data_type === 'json';
  if (kind === 'parse_json') return true;
  return kind === 'function' && /^json_(extract|parse|array_get)$/i.test(unmarked(String(body.name)));
}

/** The parts of `a || b || c`. */
function concatenated(node: unknown): unknown[] {
  const { kind, body } = nodeOf(node);
  return kind === 'concat' ? [...concatenated(body.left), ...concatenated(body.right)] : [node];
}
