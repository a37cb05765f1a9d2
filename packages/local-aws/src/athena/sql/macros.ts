/**
 * Functions as Trino has them, in DuckDB. They are macros without types, since DuckDB cannot choose an overload of a
 * macro for an aggregate. `cast_to_type(x, y)` gives x the type of y. An error is a cast that fails, since TRY does not
 * catch `error()`; its text begins with the name of the error. https://trino.io/docs/current/functions.html
 */
const fail = (name: string, message: string): string => `CAST('athena!${name}: ${message}' AS INTEGER)`;
const failWith = (name: string, message: string): string => `CAST('athena!${name}: ' || ${message} AS INTEGER)`;

const isDouble = (value: string): string => `typeof(${value}) IN ('DOUBLE', 'FLOAT')`;
const zeroChecked = `CASE WHEN b = 0 AND NOT (${isDouble('a')} OR ${isDouble('b')})
  THEN ${fail('DIVISION_BY_ZERO', 'Division by zero')} ELSE b END`;
const outside = failWith(
  'INVALID_FUNCTION_ARGUMENT',
  `'Array subscript must be less than or equal to array length: ' || CAST(i AS VARCHAR) || ' > '
     || CAST(athena_length(x) AS VARCHAR)`,
);
const noKey = failWith('INVALID_FUNCTION_ARGUMENT', `'Key not present in map: ' || CAST(k AS VARCHAR)`);

/** With `integer_division`, DuckDB's `/` of whole numbers is whole. */
const operators = [
  `athena_length(x) AS CASE WHEN typeof(x) LIKE 'MAP%' THEN len(json_keys(to_json(x)))
   ELSE json_array_length(to_json(x)) END`,
  `athena_scale(t) AS CASE WHEN t LIKE 'DECIMAL%' THEN CAST(regexp_extract(t, ',(\\d+)', 1) AS INTEGER) ELSE 0 END`,
  // The scale of a quotient of decimals is the larger of both. A double divided by zero is NULL in DuckDB.
  `athena_divide(a, b) AS CASE
   WHEN ${isDouble('a')} OR ${isDouble('b')} THEN CASE WHEN b = 0 AND a IS NOT NULL
     THEN cast_to_type(CASE WHEN a > 0 THEN 'Infinity' WHEN a < 0 THEN '-Infinity' ELSE 'NaN' END, a / b)
     ELSE a / b END
   WHEN typeof(a) LIKE 'DECIMAL%' OR typeof(b) LIKE 'DECIMAL%' THEN cast_to_type(
     round(CAST(a / ${zeroChecked} AS DOUBLE), greatest(athena_scale(typeof(a)), athena_scale(typeof(b)))), a / b)
   ELSE a / ${zeroChecked} END`,
  `athena_modulo(a, b) AS a % ${zeroChecked}`,
  `athena_shift(x, i) AS cast_to_type(x + i, x)`,
  `athena_between_dates(a, b) AS CAST(a AS TIMESTAMP) - CAST(b AS TIMESTAMP)`,
  `athena_at(x, i) AS x[CASE WHEN typeof(x) LIKE '%[]' AND (i < 1 OR i > athena_length(x)) THEN ${outside} ELSE i END]`,
  `athena_value(m, k) AS CASE WHEN CASE WHEN map_contains(m, k) THEN 0 WHEN m IS NULL OR k IS NULL THEN 0
   ELSE ${noKey} END = 0 THEN m[k] END`,
  `athena_at_zone(x, z) AS CAST(x AS TIMESTAMPTZ) AT TIME ZONE z`,
  `athena_utc(x) AS CAST(x AS TIMESTAMPTZ)`,
];

/** Java's text of a double, from DuckDB's. */
const doubleText = `athena_double_text(s) AS CASE
  WHEN s IN ('inf', '-inf') THEN replace(s, 'inf', 'Infinity') WHEN s = 'nan' THEN 'NaN'
  WHEN s LIKE '%e%' THEN regexp_replace(split_part(s, 'e', 1), '^(-?\\d+)$', '\\1.0') || 'E' || CAST(CAST(split_part(s, 'e', 2) AS INTEGER) AS VARCHAR)
  WHEN regexp_matches(s, '^-?\\d{8,}') THEN regexp_extract(s, '^-?\\d') || '.'
    || coalesce(nullif(rtrim(regexp_replace(s, '^-?\\d|\\.', '', 'g'), '0'), ''), '0') || 'E' || CAST(length(regexp_extract(s, '^-?(\\d+)', 1)) - 1 AS VARCHAR)
  WHEN regexp_matches(s, '^-?0\\.000') THEN regexp_extract(s, '^-?') || regexp_extract(s, '[1-9]') || '.'
    || coalesce(nullif(regexp_extract(s, '[1-9](\\d*)', 1), ''), '0') || 'E-' || CAST(length(regexp_extract(s, '\\.(0*)', 1)) + 1 AS VARCHAR)
  ELSE s END`;

const DATE_TEXT = '[+-]?\\d{4,}-\\d{1,2}-\\d{1,2}';
const TIME_TEXT = '( \\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d+)?)?)?( ?(UTC|Z|[+-]\\d{2}(:\\d{2})?))?';
/** The value of a cast to a type, or an error where its text has another form. */
const guardedCast = (type: string, pattern: string): string => `CASE
  WHEN CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(trim(CAST(x AS VARCHAR)), '${pattern}')
    THEN ${failWith('INVALID_CAST_ARGUMENT', `'Value cannot be cast to ${type.toLowerCase()}: ' || CAST(x AS VARCHAR)`)}
    ELSE 0 END = 0
  THEN CAST(x AS ${type}) END`;

const casts = [
  doubleText,
  `athena_millis(s) AS CASE WHEN s LIKE '%.%' THEN rpad(regexp_extract(s, '^[^.]*\\.\\d{1,3}'), 23, '0') ELSE s || '.000' END`,
  `athena_text(x) AS CASE
   WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN athena_double_text(CAST(x AS VARCHAR))
   WHEN typeof(x) = 'JSON' THEN to_json(x) ->> '$'
   WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN athena_millis(regexp_replace(CAST(x AS VARCHAR), '\\+00$', '')) || ' UTC'
   WHEN typeof(x) LIKE 'TIMESTAMP%' THEN athena_millis(CAST(x AS VARCHAR))
   ELSE CAST(x AS VARCHAR) END`,
  `athena_whole(x) AS CASE
   WHEN ${isDouble('x')} THEN CAST(round(CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS HUGEINT)
   WHEN typeof(x) = 'BOOLEAN' THEN CASE CAST(x AS VARCHAR) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END
   WHEN typeof(x) LIKE 'DECIMAL%' THEN CAST(CAST(CAST(x AS VARCHAR) AS DECIMAL(38, 10)) AS HUGEINT)
   WHEN NOT regexp_full_match(CAST(x AS VARCHAR), '[+-]?\\d+')
     THEN ${failWith('INVALID_CAST_ARGUMENT', `'Cannot cast ''' || CAST(x AS VARCHAR) || ''' to INT'`)}
   ELSE CAST(CAST(x AS VARCHAR) AS HUGEINT) END`,
  `athena_date(x) AS ${guardedCast('DATE', DATE_TEXT)}`,
  `athena_timestamp(x) AS ${guardedCast('TIMESTAMP', `${DATE_TEXT}${TIME_TEXT}`)}`,
];

const numbers = [
  `athena_sign(x) AS cast_to_type(sign(x), x)`,
  `athena_cbrt(x) AS CASE WHEN round(cbrt(x)) ** 3 = x THEN round(cbrt(x)) ELSE cbrt(x) END`,
];

const strings = [
  `athena_length_of(x) AS CASE WHEN typeof(x) = 'BLOB' THEN octet_length(CAST(x AS BLOB))
   ELSE length(CAST(x AS VARCHAR)) END`,
  `athena_split_part(s, d, i) AS CASE WHEN i < 1 THEN ${fail('INVALID_FUNCTION_ARGUMENT', 'Index must be greater than zero')}::VARCHAR
   WHEN i <= len(string_split(s, d)) THEN string_split(s, d)[i] END`,
  `athena_regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
   (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END`,
  `athena_replacement(r) AS regexp_replace(replace(r, '\\', '\\\\'), '\\$(\\d)', '\\\\\\1', 'g')`,
  `athena_url_part(u, p) AS CASE WHEN regexp_matches(u, p) THEN nullif(regexp_extract(u, p, 1), '') END`,
  `athena_url_text(u, p) AS CASE WHEN u IS NOT NULL THEN regexp_extract(u, p, 1) END`,
  `athena_url_parameter(u, n) AS (list_transform(list_filter(string_split(regexp_extract(u, '\\?([^#]*)', 1), '&'),
     lambda q: split_part(q, '=', 1) = n), lambda q: url_decode(replace(q[length(n) + 2:], '+', ' '))))[1]`,
];

const dates = [
  `athena_truncate(u, x) AS cast_to_type(date_trunc(u, x), x)`,
  `athena_iso8601(x) AS CASE typeof(x) WHEN 'DATE' THEN strftime(x, '%Y-%m-%d')
   WHEN 'TIMESTAMP' THEN strftime(x, '%Y-%m-%dT%H:%M:%S.%g') ELSE strftime(x, '%Y-%m-%dT%H:%M:%S.%gZ') END`,
  `athena_from_iso8601(x) AS CASE WHEN regexp_full_match(x, '\\d{4}-\\d{2}-\\d{2}(T\\d{2}(:\\d{2}(:\\d{2}(\\.\\d+)?)?)?(Z|[+-]\\d{2}:?\\d{2})?)?')
     THEN CAST(x AS TIMESTAMPTZ)
     WHEN x IS NOT NULL THEN CAST(CAST(${failWith('INVALID_FUNCTION_ARGUMENT', `'Invalid format: "' || x || '"'`)} AS VARCHAR) AS TIMESTAMPTZ) END`,
];

const WRONG_STEP = fail('INVALID_FUNCTION_ARGUMENT', 'sequence stop value is not in the direction of the step');
const days = (value: string): string => `CAST(CAST(${value} AS VARCHAR) AS TIMESTAMP)`;
const whole = (value: string): string => `CAST(CAST(${value} AS VARCHAR) AS BIGINT)`;

const lists = [
  `athena_distinct(l) AS list_filter(l, lambda x, i: list_position(l, x) = i)`,
  `athena_sequence(a, b) AS CASE WHEN typeof(a) = 'DATE'
     THEN cast_to_type(generate_series(${days('a')}, ${days('b')}, CASE WHEN a <= b THEN to_days(1) ELSE to_days(-1) END), [a])
     ELSE cast_to_type(generate_series(${whole('a')}, ${whole('b')}, CASE WHEN a <= b THEN 1 ELSE -1 END), [a]) END,
   (a, b, c) AS CASE WHEN CASE WHEN len(generate_series(a, b, c)) = 0 THEN ${WRONG_STEP} ELSE 0 END = 0
     THEN cast_to_type(generate_series(a, b, c), [a]) END`,
  `athena_zip(a, b) AS list_transform(list_zip(a, b), lambda x: {field0: x[1], field1: x[2]})`,
  `athena_multimap(e) AS map_from_entries(list_transform(athena_distinct(list_transform(e, lambda x: x.key)), lambda k: {key: k,
     value: list_transform(list_filter(e, lambda x: x.key = k), lambda x: x.value)}))`,

  `athena_intersect(a, b) AS athena_distinct(list_filter(a, lambda x: list_position(b, x) IS NOT NULL AND list_position(b, x) > 0))`,
  `athena_except(a, b) AS athena_distinct(list_filter(a, lambda x: coalesce(list_position(b, x), 0) = 0))`,
  `athena_remove(a, e) AS list_filter(a, lambda x: x <> e OR x IS NULL)`,
  `athena_join(l, s) AS array_to_string(list_transform(list_filter(l, lambda x: x IS NOT NULL), lambda x: athena_text(x)), s),
   (l, s, n) AS array_to_string(list_transform(l, lambda x: coalesce(athena_text(x), n)), s)`,
  `athena_has(l, e) AS CASE WHEN l IS NULL OR e IS NULL THEN NULL WHEN list_contains(l, e) THEN true
   WHEN list_position(l, NULL) > 0 THEN NULL ELSE false END`,
  `athena_list_max(l) AS CASE WHEN coalesce(list_position(l, NULL), 0) > 0 THEN NULL ELSE list_max(l) END`,
  `athena_list_min(l) AS CASE WHEN coalesce(list_position(l, NULL), 0) > 0 THEN NULL ELSE list_min(l) END`,
  `athena_any_true(l) AS CASE WHEN list_contains(l, true) THEN true WHEN coalesce(list_position(l, NULL), 0) > 0 THEN NULL WHEN l IS NOT NULL THEN false END`,
  `athena_all_true(l) AS CASE WHEN list_contains(l, false) THEN false WHEN coalesce(list_position(l, NULL), 0) > 0 THEN NULL WHEN l IS NOT NULL THEN true END`,
  `athena_slice(l, f, n) AS CASE WHEN f < 0 AND -f > len(l) THEN [] WHEN f < 0 THEN l[len(l) + f + 1:len(l) + f + n]
   ELSE l[CASE WHEN f = 0 THEN ${fail('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')} ELSE f END:f + n - 1] END`,
  // The first of the entries with the same key, since a map of DuckDB must not have two.
  `athena_map_of(e) AS map_from_entries(list_filter(e, lambda x, i: list_position(list_transform(e, lambda y: y.key), x.key) = i))`,
];

const json = [
  `athena_json_scalar(j, p) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) AND coalesce(json_type(CAST(j AS VARCHAR), p), 'OBJECT') NOT IN ('OBJECT', 'ARRAY')
   THEN json_extract_string(CAST(j AS VARCHAR), p) END`,
  `athena_json_extract(j, p) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) THEN json_extract(CAST(j AS VARCHAR), p) END`,
  `athena_json_size(j, p) AS CASE json_type(CAST(j AS VARCHAR), p) WHEN 'ARRAY' THEN json_array_length(CAST(j AS VARCHAR), p)
   WHEN 'OBJECT' THEN len(json_keys(CAST(j AS VARCHAR), p)) WHEN NULL THEN NULL ELSE 0 END`,
];

const NAME = /\bathena_[a-z0-9_]+/g;
const definitions = new Map(
  [...operators, ...casts, ...numbers, ...strings, ...dates, ...lists, ...json].map((definition) => [
    definition.slice(0, definition.indexOf('(')),
    definition,
  ]),
);

/**
 * The statements that make the functions of a query in DuckDB's SQL and those that these use, without those that are
 * made. Adds their names to `made`. To make all takes longer than most queries.
 */
export function macroStatements(sql: string, made: Set<string>): string[] {
  return [...new Set(sql.match(NAME))].flatMap((name) => {
    const definition = definitions.get(name);
    if (definition === undefined || made.has(name)) return [];
    made.add(name);
    return [...macroStatements(definition, made), `CREATE MACRO ${definition}`];
  });
}
