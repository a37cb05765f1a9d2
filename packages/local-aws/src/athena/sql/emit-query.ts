import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { conditionsOf, type QualifiedCondition } from './conditions.ts';
import { expressionEmitter, orderItem, zoneOf } from './emit-expression.ts';
import type { EmitScope } from './emit-scope.ts';
import { isPresent, listOf, nameOf, nodeOf, ofKind, unmarked } from './syntax-tree.ts';
import { quoted, text } from './types.ts';

const SET_OPERATIONS: Readonly<Record<string, string>> = { union: 'UNION', intersect: 'INTERSECT', except: 'EXCEPT' };
const JOINS: Readonly<Record<string, string>> = {
  Inner: 'JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
  Cross: 'CROSS JOIN',
  Implicit: 'CROSS JOIN',
};
/** Members of a SELECT that Athena does not have, or that are not supported. */
const REFUSED = [
  ...['lateral_views', 'qualify', 'distribute_by', 'cluster_by', 'sort_by', 'distinct_on', 'top', 'sample', 'hint'],
  ...['connect', 'into', 'locks'],
];

/** Emits DuckDB's SQL for a query's tree. Throws `QueryError` for what is not supported. */
export function emitQuery(tree: unknown, scope: EmitScope): string {
  return queryEmitter(scope)(tree, true);
}

function queryEmitter(scope: EmitScope): (node: unknown, isOutermost?: boolean) => string {
  const query = (node: unknown, isOutermost = false): string => {
    const { kind, body } = nodeOf(node);
    return scope.withNames((names) => {
      const clause = isJsonObject(body.with) ? withClause(body.with, names) : '';
      switch (kind) {
        case 'select':
          return clause + select(body, isOutermost);
        case 'union':
        case 'intersect':
        case 'except': {
          const all = body.all === true ? ' ALL' : '';
          const [left, right] = [query(body.left, isOutermost), query(body.right)];
          return `${clause}(${left}) ${SET_OPERATIONS[kind]}${all} (${right})${tail(body)}`;
        }
        case 'subquery':
          return `${clause}(${query(body.this, isOutermost)})${tail(body)}`;
        case 'paren':
          return `${clause}(${query(body.this, isOutermost)})`;
        case 'values':
          return clause + values(body);
        default:
          return scope.unsupported(`the statement ${kind.replaceAll('_', ' ').toUpperCase()}`);
      }
    });
  };
  const { expression, window } = expressionEmitter(scope, query);
  const expressions = (nodes: unknown): string => listOf(nodes).map(expression).join(', ');

  const withClause = (body: JsonObject, names: Set<string>): string => {
    if (body.recursive === true) return scope.unsupported('WITH RECURSIVE');
    const parts = listOf(body.ctes).map((cte) => {
      const { alias, columns, this: inner } = isJsonObject(cte) ? cte : {};
      const name = nameOf(alias) ?? '';
      const list = isPresent(columns) ? ` (${nameList(columns)})` : '';
      const part = `${quoted(name)}${list} AS (${query(inner)})`;
      names.add(name.toLowerCase());
      return part;
    });
    return `WITH ${parts.join(', ')} `;
  };

  const select = (body: JsonObject, isOutermost: boolean): string => {
    for (const member of REFUSED) if (isPresent(body[member])) scope.unsupported(member.replaceAll('_', ' '));
    const conditions = isJsonObject(body.where_clause) ? conditionsOf(body.where_clause.this) : [];
    const parts = [
      `SELECT${body.distinct === true ? ' DISTINCT' : ''} ${listOf(body.expressions)
        .map((item, index) => selectItem(item, index, isOutermost))
        .join(', ')}`,
    ];
    const from = isJsonObject(body.from) ? listOf(body.from.expressions) : [];
    if (from.length > 0) {
      const sources = from.map((source) => relation(source, conditions)).join(' CROSS JOIN ');
      parts.push(
        `FROM ${sources}${listOf(body.joins)
          .map((join) => joined(join, conditions))
          .join('')}`,
      );
    }
    if (isJsonObject(body.where_clause)) parts.push(`WHERE ${expression(body.where_clause.this)}`);
    if (isJsonObject(body.group_by)) parts.push(`GROUP BY ${groups(body.group_by)}`);
    if (isJsonObject(body.having)) parts.push(`HAVING ${expression(body.having.this)}`);
    if (isPresent(body.windows)) {
      const named = listOf(body.windows).map((each) => {
        const { name, spec } = isJsonObject(each) ? each : {};
        return `${quoted(nameOf(name) ?? '')} AS (${window(isJsonObject(spec) ? spec : {})})`;
      });
      parts.push(`WINDOW ${named.join(', ')}`);
    }
    return parts.join(' ') + tail(body);
  };

  /** ORDER BY, OFFSET and LIMIT. */
  const tail = (body: JsonObject): string => {
    let emitted = '';
    if (isJsonObject(body.order_by)) {
      emitted += ` ORDER BY ${listOf(body.order_by.expressions)
        .map((item) => orderItem(item, expression))
        .join(', ')}`;
    }
    const limit = unwrapped(body.limit);
    if (limit !== undefined && ofKind(limit, 'column') === undefined) emitted += ` LIMIT ${expression(limit)}`;
    if (isJsonObject(body.fetch)) {
      if (body.fetch.with_ties === true) return scope.unsupported('WITH TIES');
      emitted += ` LIMIT ${isPresent(body.fetch.count) ? expression(body.fetch.count) : '1'}`;
    }
    const offset = unwrapped(body.offset);
    if (offset !== undefined) emitted += ` OFFSET ${expression(offset)}`;
    return emitted;
  };

  const groups = (body: JsonObject): string => {
    const items = listOf(body.expressions).map((item) => {
      const call = ofKind(item, 'function');
      const name = call === undefined ? '' : unmarked(String(call.name)).toUpperCase();
      if (['ROLLUP', 'CUBE', 'GROUPING SETS'].includes(name)) return `${name} (${expressions(call?.args)})`;
      return expression(item);
    });
    return items.join(', ');
  };

  /** An item of SELECT. The outermost ones are named as Athena names them: `_col0` where there is no name. */
  const selectItem = (item: unknown, index: number, isOutermost: boolean): string => {
    const { kind, body } = nodeOf(item);
    if (kind === 'star') return star(body);
    const value = kind === 'alias' ? body.this : item;
    const zone = isOutermost ? zoneOf(value) : undefined;
    const content = zone === undefined ? expression(value) : `athena_text(${expression(value)}) || ${text(` ${zone}`)}`;
    if (kind === 'alias') {
      const alias = (nameOf(body.alias) ?? '').toLowerCase();
      if (zone !== undefined) scope.zonedColumns.add(alias);
      return `${content} AS ${quoted(alias)}`;
    }
    const name = kind === 'column' ? nameOf(body.name) : kind === 'dot' ? nameOf(body.field) : undefined;
    if (!isOutermost) return content;
    const output = (name ?? `_col${index}`).toLowerCase();
    if (zone !== undefined) scope.zonedColumns.add(output);
    return `${content} AS ${quoted(output)}`;
  };

  const star = (body: JsonObject): string => {
    if (isPresent(body.except) || isPresent(body.replace) || isPresent(body.rename)) return scope.unsupported('this *');
    const table = nameOf(body.table);
    const all = table === undefined ? '*' : `${quoted(table)}.*`;
    return scope.namesHidden ? `${all} NOT LIKE '$%'` : all;
  };

  const values = (body: JsonObject): string => {
    const rows = listOf(body.expressions).map((row) => {
      const items = listOf(isJsonObject(row) ? row.expressions : undefined);
      // A row with several columns may stand in parentheses of its own.
      const [only] = items;
      const tuple = items.length === 1 ? ofKind(only, 'tuple') : undefined;
      return `(${expressions(tuple?.expressions ?? items)})`;
    });
    return `VALUES ${rows.join(', ')}`;
  };

  const relation = (node: unknown, conditions: readonly QualifiedCondition[]): string => {
    const { kind, body } = nodeOf(node);
    switch (kind) {
      case 'table':
        return table(body, conditions);
      case 'subquery': {
        if (isPresent(body.sample)) return scope.unsupported('TABLESAMPLE');
        const inner = ofKind(body.this, 'table') ?? ofKind(body.this, 'join');
        const lateral = body.lateral === true ? 'LATERAL ' : '';
        const content = inner === undefined ? query(body.this) : relation(body.this, conditions);
        return `${lateral}(${content})${aliased(body)}`;
      }
      case 'alias': {
        const unnest = ofKind(body.this, 'unnest');
        if (unnest !== undefined) return unnested(unnest, nameOf(body.alias), listOf(body.column_aliases));
        return `${relation(body.this, conditions)}${aliased(body)}`;
      }
      case 'unnest':
        return unnested(body, nameOf(body.alias), []);
      case 'paren':
        return `(${relation(body.this, conditions)})`;
      case 'joined_table':
        return `(${relation(body.left, conditions)}${listOf(body.joins)
          .map((join) => joined(join, conditions))
          .join('')})${aliased(body)}`;
      default:
        return scope.unsupported(`${kind.replaceAll('_', ' ')} in FROM`);
    }
  };

  const table = (body: JsonObject, conditions: readonly QualifiedCondition[]): string => {
    if (isPresent(body.table_sample)) return scope.unsupported('TABLESAMPLE');
    if (isPresent(body.when) || isPresent(body.version)) return scope.unsupported('a version of a table');
    const name = (nameOf(body.name) ?? '').toLowerCase();
    const schema = nameOf(body.schema)?.toLowerCase();
    const alias = nameOf(body.alias);
    const suffix = aliased(body);
    if (schema === undefined && scope.isWithName(name)) return `${quoted(name)}${suffix}`;
    const catalog = nameOf(body.catalog)?.toLowerCase();
    if (catalog !== undefined && catalog !== 'awsdatacatalog') {
      return scope.fail('SYNTAX_ERROR', `Catalog '${catalog}' does not exist`, catalog);
    }
    const database = schema ?? scope.database;
    if (database === undefined) {
      return scope.fail('SYNTAX_ERROR', 'Schema must be specified when session schema is not set', name);
    }
    const known = alias?.toLowerCase() ?? name;
    scope.tables.push({
      database,
      name,
      conditions: conditions
        .filter(({ table: qualifier }) => qualifier === undefined || qualifier === known)
        .map(({ column, operator, values: allowed }) => ({ column, operator, values: allowed })),
    });
    return `${quoted(database)}.${quoted(name)}${suffix === '' ? ` AS ${quoted(name)}` : suffix}`;
  };

  const aliased = (body: JsonObject): string => {
    const alias = nameOf(body.alias);
    if (alias === undefined) return '';
    return ` AS ${quoted(alias)}${isPresent(body.column_aliases) ? `(${nameList(body.column_aliases)})` : ''}`;
  };

  /** UNNEST of one list is DuckDB's. Several lists, maps and rows become a query beside. */
  const unnested = (body: JsonObject, alias: string | undefined, columns: readonly unknown[]): string => {
    const lists = [body.this, ...listOf(body.expressions)].map(expression);
    const isOrdinal = body.with_ordinality === true;
    const names = columns.length === 0 ? '' : `(${nameList(columns)})`;
    const as = ` AS ${quoted(alias ?? scope.newName())}${names}`;
    const elements = columns.length - (isOrdinal ? 1 : 0);
    const [list = ''] = lists;
    if (lists.length > 1) {
      if (elements > 0 && elements !== lists.length) return scope.unsupported('UNNEST of maps or rows beside others');
      const items = lists.map((_, index) => `z[${index + 1}]`);
      const ordinal = isOrdinal ? ', o' : '';
      return `LATERAL (SELECT ${items.join(', ')}${ordinal} FROM UNNEST(list_zip(${lists.join(', ')})) WITH ORDINALITY AS _(z, o))${as}`;
    }
    if (elements > 1 || (elements === 1 && scope.unnestsRows)) {
      const entries = scope.unnestsRows ? list : `map_entries(${list})`;
      return `LATERAL (SELECT unnest(z)${isOrdinal ? ', o' : ''} FROM UNNEST(${entries}) WITH ORDINALITY AS _(z, o))${as}`;
    }
    return `UNNEST(${list})${isOrdinal ? ' WITH ORDINALITY' : ''}${as}`;
  };

  const joined = (node: unknown, conditions: readonly QualifiedCondition[]): string => {
    const join = isJsonObject(node) ? node : {};
    const kind = String(join.kind);
    const right = relation(join.this, conditions);
    const keyword = JOINS[kind];
    if (keyword === undefined) return scope.unsupported(`a join of the kind ${kind.toUpperCase()}`);
    if (isPresent(join.using)) return ` ${keyword} ${right} USING (${nameList(join.using)})`;
    if (isPresent(join.on)) return ` ${keyword} ${right} ON ${expression(join.on)}`;
    if (keyword === 'CROSS JOIN') return ` ${keyword} ${right}`;
    return scope.fail('SYNTAX_ERROR', 'a join needs ON or USING');
  };

  const nameList = (nodes: unknown): string =>
    listOf(nodes)
      .map((name) => quoted(nameOf(name) ?? ''))
      .join(', ');

  return query;
}

/** The expression of a LIMIT or OFFSET, which the parser wraps in some places. */
function unwrapped(node: unknown): unknown {
  if (!isPresent(node)) return undefined;
  return isJsonObject(node) && 'this' in node ? node.this : node;
}
