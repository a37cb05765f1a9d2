import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { EmitScope } from './emit-scope.ts';
import { aggregateFunctions, constantFunctions, scalarFunctions } from './functions.ts';
import { lambdaFunctions } from './lambda-functions.ts';
import { FUNCTION_MARK, isPresent, listOf, nameOf, nodeOf, ofKind, stringLiteral, unmarked } from './syntax-tree.ts';
import { duckdbType, quoted, text } from './types.ts';

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
  concat: '||',
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
/** Where a time in a zone would be compared by its local time. */
const COMPARED = [
  'eq',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'null_safe_eq',
  'null_safe_neq',
  'between',
  'in',
  'add',
  'sub',
];
const WINDOW_FUNCTIONS = ['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist'];

/** Emits DuckDB's SQL for parts of a query. Each throws `QueryError` for what is not supported. */
export interface ExpressionEmitter {
  expression(node: unknown): string;
  /** The specification of a window, without its parentheses. */
  window(spec: JsonObject): string;
}

/** Emits expressions; queries inside of them by `emitQuery`. */
export function expressionEmitter(scope: EmitScope, emitQuery: (node: unknown) => string): ExpressionEmitter {
  let castDepth = 0;
  const emit = (node: unknown): string => {
    const { kind, body } = nodeOf(node);
    if (COMPARED.includes(kind)) for (const each of Object.values(body)) refuseZoned(each);
    const operator = COMPARISONS[kind];
    if (operator !== undefined) return `(${emit(body.left)} ${operator} ${emit(body.right)})`;
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
        return `(${emit(body.this)} ${negation(body)}BETWEEN ${emit(body.low)} AND ${emit(body.high)})`;
      case 'in':
        return membership(body);
      case 'like': {
        const escaped = isPresent(body.escape) ? ` ESCAPE ${emit(body.escape)}` : '';
        return `(${emit(body.left)} LIKE ${emit(body.right)}${escaped})`;
      }
      case 'is_null':
        return `(${emit(body.this)} IS ${negation(body)}NULL)`;
      case 'is_true':
        return `(${emit(body.this)} IS ${negation(body)}TRUE)`;
      case 'is_false':
        return `(${emit(body.this)} IS ${negation(body)}FALSE)`;
      case 'any':
      case 'all': {
        const compare = QUANTIFIED[String(body.op)] ?? scope.unsupported(`this comparison with ${kind.toUpperCase()}`);
        return `(${emit(body.this)} ${compare} ${kind.toUpperCase()} ${emit(body.subquery)})`;
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
        return zoneOf(node) === undefined
          ? `athena_utc(${emit(body.this)})`
          : `athena_at_zone(${emit(body.this)}, ${emit(body.zone)})`;
      case 'interval':
        return interval(body);
      case 'extract': {
        const name = PARTS[String(body.field)] ?? scope.unsupported(`EXTRACT of ${String(body.field)}`, 'extract');
        return `${name}(${emit(body.this)})`;
      }
      case 'substring': {
        const length = isPresent(body.length) ? `, ${emit(body.length)}` : '';
        return `substring(${emit(body.this)}, ${emit(body.start)}${length})`;
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
        const argument = body.star === true ? '*' : `${distinct(body)}${emit(body.this)}`;
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

  /**
   * DuckDB has no times that carry a zone: inside of functions the local time serves, beside other times it does not.
   */
  const refuseZoned = (node: unknown): void => {
    if (zoneOf(node) !== undefined) scope.unsupported('a time in a zone in a comparison or a sum', 'zone');
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
        const zone = /^(\S+ \S+) ([A-Za-z]\S*)$/.exec(content);
        if (zone !== null) return `TIMESTAMPTZ ${text(`${zone[1]} ${zone[2]}`)}`;
        return /[+-]\d{2}:\d{2}$/.test(content) ? `TIMESTAMPTZ ${text(content)}` : `TIMESTAMP ${text(content)}`;
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
    const list = isPresent(body.query) ? emitQuery(body.query) : listOf(body.expressions).map(emit).join(', ');
    return `(${emit(body.this)} ${negation(body)}IN (${list}))`;
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
    castDepth += 1;
    const value = emit(body.this);
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
        return `CAST(${value} AS ${type})`;
    }
  };

  /** A cast gives a row its names by their places. Elsewhere Athena names them `field0`, `field1`. */
  const row = (nodes: readonly unknown[]): string => {
    if (castDepth > 0) return `row(${nodes.map(emit).join(', ')})`;
    return `{${nodes.map((node, index) => `field${index}: ${emit(node)}`).join(', ')}}`;
  };

  const ordering = (nodes: readonly unknown[]): string => nodes.map((node) => orderItem(node, emit)).join(', ');

  const aggregate = (kind: string, body: JsonObject, nulls = ''): string => {
    const more = listOf(body.args ?? body.expressions).map((each) => `, ${emit(each)}`);
    const order = isPresent(body.order_by) ? ` ORDER BY ${ordering(listOf(body.order_by))}` : '';
    if (isPresent(body.having_max) || isPresent(body.limit)) return scope.unsupported(`this form of ${kind}`, kind);
    return `${kind}(${distinct(body)}${emit(body.this)}${more.join('')}${order}${nulls})${filter(body)}`;
  };

  /** A call by name. `clause` is its FILTER, if it stands around the call. */
  const call = (node: unknown, clause: string): string => {
    const { kind, body } = nodeOf(node);
    if (AGGREGATES.includes(kind) || kind === 'count') return `${emit(node)}${clause}`;
    if (kind !== 'function' && kind !== 'aggregate_function') return scope.unsupported('FILTER in this place');
    const written = String(body.name);
    const name = unmarked(written).toLowerCase();
    const nodes = listOf(body.args);
    if (body.no_parens === true && constantFunctions[name] !== undefined) return constantFunctions[name];
    const lambda = lambdaFunctions[name];
    if (lambda !== undefined && written.startsWith(FUNCTION_MARK)) return lambda({ name, nodes, scope, emit });
    if (name === 'try') return `TRY(${nodes.map(emit).join(', ')})`;
    if (name === 'row') return row(nodes);
    const args = nodes.map(emit);
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
    const typed = inner === undefined ? {} : nodeOf(body.this).body;
    if (inner !== undefined && WINDOW_FUNCTIONS.includes(inner)) return `${inner}() OVER ${window}`;
    if (inner === 'lag' || inner === 'lead') {
      const more = [typed.offset, typed.default].flatMap((each) => (isPresent(each) ? `, ${emit(each)}` : ''));
      const nulls = typed.ignore_nulls === true ? ' IGNORE NULLS' : '';
      return `${inner}(${emit(typed.this)}${more.join('')}${nulls}) OVER ${window}`;
    }
    return `${emit(body.this)} OVER ${window}`;
  };

  const windowOf = (spec: JsonObject): string => {
    const parts = [];
    if (isPresent(spec.partition_by)) parts.push(`PARTITION BY ${listOf(spec.partition_by).map(emit).join(', ')}`);
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
  return { expression: emit, window: windowOf };
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

/** The zone of a time that is put into one other than UTC, which has no type in DuckDB. Undefined for anything else. */
export function zoneOf(node: unknown): string | undefined {
  if (!isJsonObject(node)) return undefined;
  const inner = ofKind(node, 'paren');
  if (inner !== undefined) return zoneOf(inner.this);
  const call = ofKind(node, 'function');
  const isCall = call !== undefined && unmarked(String(call.name)).toLowerCase() === 'at_timezone';
  const zone = isCall ? listOf(call.args)[1] : ofKind(node, 'at_time_zone')?.zone;
  if (zone === undefined) return undefined;
  const name = stringLiteral(zone);
  return name !== undefined && /^(utc|gmt|z)$/i.test(name) ? undefined : (name ?? 'unknown');
}
