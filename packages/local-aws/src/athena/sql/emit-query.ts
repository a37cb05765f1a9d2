import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { conditionsOf, type QualifiedCondition } from './conditions.ts';
import { expressionEmitter, orderItem } from './emit-expression.ts';
import type { EmitScope } from './emit-scope.ts';
import { isPresent, listOf, nameOf, nodeOf, ofKind, unmarked } from './syntax-tree.ts';
import { quoted } from './types.ts';

const SET_OPERATIONS = { union: 'UNION', intersect: 'INTERSECT', except: 'EXCEPT' } as const;
interface SetOperation {
  left: unknown;
  right: unknown;
  operation: string;
  /** ` ALL`, or empty. */
  all: string;
}
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
          const { left, right, all, operation } = setOperation(kind, body);
          const parts = [query(left, isOutermost), query(right)];
          return `${clause}(${parts[0]}) ${operation}${all} (${parts[1]})${tail(body)}`;
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
  const { expression, key, zonedTime, window } = expressionEmitter(scope, query);
  const expressions = (nodes: unknown): string => listOf(nodes).map(expression).join(', ');

  /** A query whose columns get other names, which times in a zone must not. */
  const renamed = (node: unknown, list: string): string => {
    const zoned = scope.zonedNames.size;
    const emitted = query(node);
    if (list !== '' && scope.zonedNames.size > zoned) scope.unsupported('a time in a zone with another name', 'zone');
    return emitted;
  };

  const withClause = (body: JsonObject, names: Set<string>): string => {
    if (body.recursive === true) return scope.unsupported('WITH RECURSIVE');
    const parts = listOf(body.ctes).map((cte) => {
      const { alias, columns, this: inner } = isJsonObject(cte) ? cte : {};
      const name = nameOf(alias) ?? '';
      const list = isPresent(columns) ? ` (${nameList(columns)})` : '';
      const part = `${quoted(name)}${list} AS (${renamed(inner, list)})`;
      names.add(name.toLowerCase());
      return part;
    });
    return `WITH ${parts.join(', ')} `;
  };

  const select = (body: JsonObject, isOutermost: boolean): string => {
    for (const member of REFUSED) if (isPresent(body[member])) scope.unsupported(member.replaceAll('_', ' '));
    const conditions = isJsonObject(body.where_clause) ? conditionsOf(body.where_clause.this) : [];
    // First, since the columns of subqueries are known from then on.
    const from = isJsonObject(body.from) ? listOf(body.from.expressions) : [];
    const sources = from.map((source) => relation(source, conditions)).join(' CROSS JOIN ');
    const joins = listOf(body.joins).map((join) => joined(join, conditions));
    // Times with an offset of their own are printed with it where nothing is grouped or sorted by them.
    const isPlain = ![body.group_by, body.order_by, body.distinct].some(isPresent);
    const zonedNames = new Map<string, string>();
    const items = listOf(body.expressions).map((item, index) =>
      selectItem(item, index, { isOutermost, isPlain, zonedNames }),
    );
    const parts = [`SELECT${body.distinct === true ? ' DISTINCT' : ''} ${items.join(', ')}`];
    if (from.length > 0) parts.push(`FROM ${sources}${joins.join('')}`);
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
    const emitted = parts.join(' ') + tail(body);
    for (const [name, zone] of zonedNames) {
      const known = scope.zonedNames.get(name);
      if (scope.dateColumns.has(name) || (known !== undefined && known !== zone)) {
        scope.unsupported('a time in a zone with the name of another column', name);
      }
      scope.zonedNames.set(name, zone);
    }
    return emitted;
  };

  /** ORDER BY, OFFSET and LIMIT. */
  const tail = (body: JsonObject): string => {
    let emitted = '';
    if (isJsonObject(body.order_by)) {
      emitted += ` ORDER BY ${listOf(body.order_by.expressions)
        .map((item) => orderItem(item, key))
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
      if (['ROLLUP', 'CUBE', 'GROUPING SETS'].includes(name))
        return `${name} (${listOf(call?.args).map(key).join(', ')})`;
      return key(item);
    });
    return items.join(', ');
  };

  /** An item of SELECT. The outermost ones are named as Athena names them: `_col0` where there is no name. */
  const selectItem = (
    item: unknown,
    index: number,
    of: { isOutermost: boolean; isPlain: boolean; zonedNames: Map<string, string> },
  ): string => {
    const { kind, body } = nodeOf(item);
    if (kind === 'star') return star(body, of.isOutermost);
    const value = kind === 'alias' ? body.this : item;
    const given = kind === 'alias' ? nameOf(body.alias) : kind === 'column' ? nameOf(body.name) : undefined;
    const named = (given ?? (kind === 'dot' ? nameOf(body.field) : undefined))?.toLowerCase();
    const zoned = zonedTime(value);
    if (of.isOutermost) {
      const output = named ?? `_col${index}`;
      if (zoned === undefined || (zoned.name === undefined && !of.isPlain)) {
        return `${expression(value)} AS ${quoted(output)}`;
      }
      scope.zonedColumns.add(output);
      return `athena_text(${zoned.local}) || ' ' || ${zoned.zone} AS ${quoted(output)}`;
    }
    if (zoned?.name === undefined) {
      const content = expression(value);
      return kind === 'alias' ? `${content} AS ${quoted(named ?? '')}` : content;
    }
    if (named === undefined) return scope.unsupported('a time in a zone without a name in a subquery', 'zone');
    of.zonedNames.set(named, zoned.name);
    return `${zoned.local} AS ${quoted(named)}`;
  };

  const star = (body: JsonObject, isOutermost: boolean): string => {
    if (isOutermost && scope.zonedNames.size > 0) return scope.unsupported('* of a time in a zone');
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
        const list = isPresent(body.column_aliases) ? 'named' : '';
        const content = inner === undefined ? renamed(body.this, list) : relation(body.this, conditions);
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

  /**
   * UNNEST of one list is DuckDB's. Several lists, maps and rows become a query beside, which keeps the order of the
   * elements. `isOuter`: an empty list gives a row of NULL.
   */
  const unnested = (
    body: JsonObject,
    alias: string | undefined,
    columns: readonly unknown[],
    { isOuter = false } = {},
  ): string => {
    const lists = [body.this, ...listOf(body.expressions)].map(expression);
    const isOrdinal = body.with_ordinality === true;
    const names = columns.length === 0 ? '' : `(${nameList(columns)})`;
    const as = ` AS ${quoted(alias ?? scope.newName())}${names}`;
    const elements = columns.length - (isOrdinal ? 1 : 0);
    const [list = ''] = lists;
    // With the list in a query of its own, DuckDB would reverse the order.
    const beside = (source: string, items: string): string => {
      const rows = isOuter ? `CASE WHEN len(${source}) > 0 THEN ${source} ELSE [NULL] END` : source;
      const [ordinal, subscripts] = isOrdinal ? [', o', `, generate_subscripts(${source}, 1) AS o`] : ['', ''];
      return `LATERAL (SELECT ${items}${ordinal} FROM (SELECT unnest(${rows}) AS z${subscripts}))${as}`;
    };
    if (lists.length > 1) {
      if (elements > 0 && elements !== lists.length) return scope.unsupported('UNNEST of maps or rows beside others');
      return beside(`list_zip(${lists.join(', ')})`, lists.map((_, index) => `z[${index + 1}]`).join(', '));
    }
    if (elements > 1 || (elements === 1 && scope.unnestsRows)) {
      return beside(scope.unnestsRows ? list : `map_entries(${list})`, 'unnest(z)');
    }
    return isOrdinal || isOuter ? beside(list, 'z') : `UNNEST(${list})${as}`;
  };

  const joined = (node: unknown, conditions: readonly QualifiedCondition[]): string => {
    const join = isJsonObject(node) ? node : {};
    const kind = String(join.kind);
    const outer = kind === 'Left' ? outerUnnest(join) : undefined;
    if (outer !== undefined) return ` CROSS JOIN ${outer}`;
    const right = relation(join.this, conditions);
    const keyword = JOINS[kind];
    if (keyword === undefined) return scope.unsupported(`a join of the kind ${kind.toUpperCase()}`);
    if (isPresent(join.using)) return ` ${keyword} ${right} USING (${nameList(join.using)})`;
    if (isPresent(join.on)) return ` ${keyword} ${right} ON ${expression(join.on)}`;
    if (keyword === 'CROSS JOIN') return ` ${keyword} ${right}`;
    return scope.fail('SYNTAX_ERROR', 'a join needs ON or USING');
  };

  /** `LEFT JOIN UNNEST(…) ON TRUE`, which is the only condition that Trino takes. */
  const outerUnnest = ({ this: right, on }: JsonObject): string | undefined => {
    if (ofKind(on, 'boolean')?.value !== true) return undefined;
    const alias = ofKind(right, 'alias') ?? {};
    const unnest = ofKind(right, 'unnest') ?? ofKind(alias.this, 'unnest');
    if (unnest === undefined) return undefined;
    return unnested(unnest, nameOf(alias.alias ?? unnest.alias), listOf(alias.column_aliases), { isOuter: true });
  };

  const nameList = (nodes: unknown): string =>
    listOf(nodes)
      .map((name) => quoted(nameOf(name) ?? ''))
      .join(', ');

  return query;
}

/** INTERSECT comes before UNION and EXCEPT, which the parser does not know. */
function setOperation(kind: 'union' | 'intersect' | 'except', { left, right, all }: JsonObject): SetOperation {
  const operation = { operation: SET_OPERATIONS[kind], all: all === true ? ' ALL' : '' };
  const first = isJsonObject(left) ? nodeOf(left) : undefined;
  if (kind !== 'intersect' || (first?.kind !== 'union' && first?.kind !== 'except')) {
    return { ...operation, left, right };
  }
  const inner = { intersect: { left: first.body.right, right, all } };
  return {
    ...{ operation: SET_OPERATIONS[first.kind], all: first.body.all === true ? ' ALL' : '' },
    ...{ left: first.body.left, right: inner },
  };
}

/** The expression of a LIMIT or OFFSET, which the parser wraps in some places. */
function unwrapped(node: unknown): unknown {
  if (!isPresent(node)) return undefined;
  return isJsonObject(node) && 'this' in node ? node.this : node;
}
