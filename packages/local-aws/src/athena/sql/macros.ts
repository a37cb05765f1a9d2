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

/** A type with the scale of a sum of two numbers and room for any value: of decimals 38 digits, of others their own. */
const widened = (a: string, b: string): string => `CASE WHEN false THEN (${a} + ${b})${' * 1::TINYINT'.repeat(12)} END`;
/** The digits of a decimal at the scale of `widened`, as a whole number. */
const digitsOf = (x: string): string =>
  `CAST(replace(CAST(cast_to_type(${x}, ${widened('q.a', 'q.b')}) AS VARCHAR), '.', '') AS HUGEINT)`;
const divisor = `CASE WHEN q.b = 0 AND NOT (${isDouble('q.a')} OR ${isDouble('q.b')})
  THEN ${fail('DIVISION_BY_ZERO', 'Division by zero')} ELSE q.b END`;
const quotientDigits = `(2 * abs(${digitsOf('q.a')}) * CAST('1' || repeat('0', q.s) AS HUGEINT) + abs(${digitsOf('q.b')}))
  / (2 * abs(CASE WHEN q.b = 0 THEN ${fail('DIVISION_BY_ZERO', 'Division by zero')} ELSE ${digitsOf('q.b')} END))`;

/** With `integer_division`, DuckDB's `/` of whole numbers is whole. */
const operators = [
  `athena_length(x) AS CASE WHEN typeof(x) LIKE 'MAP%' THEN len(json_keys(to_json(x)))
   ELSE json_array_length(to_json(x)) END`,
  `athena_scale(t) AS CASE WHEN t LIKE 'DECIMAL%' THEN CAST(regexp_extract(t, ',(\\d+)', 1) AS INTEGER) ELSE 0 END`,
  `athena_padded(t, n) AS repeat('0', greatest(0, n - length(t))) || t`,
  `athena_with_scale(n, s) AS CASE WHEN s = 0 THEN CAST(n AS VARCHAR)
     ELSE left(athena_padded(CAST(n AS VARCHAR), s + 1), -s) || '.'
   || right(athena_padded(CAST(n AS VARCHAR), s + 1), s) END`,
  // The scale of a quotient of decimals is the larger of both, and its last digit is rounded. A double divided by zero
  // is NULL in DuckDB. The operands stand in a list, so that each is in the plan once.
  `athena_divide(a, b) AS list_transform([{a: a, b: b, s: greatest(athena_scale(typeof(a)),
     athena_scale(typeof(b)))}], lambda q: CASE
   WHEN ${isDouble('q.a')} OR ${isDouble('q.b')} THEN CASE WHEN q.b = 0 AND q.a IS NOT NULL
     THEN cast_to_type(CASE WHEN q.a > 0 THEN 'Infinity' WHEN q.a < 0 THEN '-Infinity'
     ELSE 'NaN' END, ${widened('q.a', 'q.b')})
     ELSE cast_to_type(q.a / q.b, ${widened('q.a', 'q.b')}) END
   WHEN typeof(q.a) LIKE 'DECIMAL%' OR typeof(q.b) LIKE 'DECIMAL%' THEN cast_to_type(
     CASE WHEN (q.a < 0) <> (q.b < 0) THEN '-' ELSE '' END
     || athena_with_scale(${quotientDigits}, q.s), ${widened('q.a', 'q.b')})
   ELSE cast_to_type(q.a / ${divisor}, ${widened('q.a', 'q.b')}) END)[1]`,
  `athena_modulo(a, b) AS a % ${zeroChecked}`,
  `athena_shift(x, i) AS cast_to_type(x + i, x)`,
  `athena_add(u, n, x) AS athena_shift(x, CASE u
   WHEN 'year' THEN to_years(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
   WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER))
   WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'hour' THEN to_hours(CAST(n AS BIGINT))
   WHEN 'minute' THEN to_minutes(CAST(n AS BIGINT)) WHEN 'second' THEN to_seconds(CAST(n AS DOUBLE))
   ELSE to_milliseconds(CAST(n AS DOUBLE)) END)`,
  `athena_between_dates(a, b) AS CAST(a AS TIMESTAMP) - CAST(b AS TIMESTAMP)`,
  `athena_at(x, i) AS x[CASE WHEN typeof(x) LIKE '%[]' AND (i < 1 OR i > athena_length(x)) THEN ${outside} ELSE i END]`,
  `athena_element(x, i) AS x[CASE WHEN typeof(x) LIKE '%[]' AND CAST(i AS VARCHAR) = '0'
     THEN cast_to_type(CAST(${fail('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')} AS VARCHAR), i)
     ELSE i END]`,
  `athena_value(m, k) AS CASE WHEN CASE WHEN map_contains(m, k) THEN 0 WHEN m IS NULL OR k IS NULL THEN 0
   ELSE ${noKey} END = 0 THEN m[k] END`,
  `athena_utc(x) AS CAST(x AS TIMESTAMPTZ)`,
  `athena_offset(x) AS CASE WHEN x IS NOT NULL
     THEN regexp_replace(coalesce(nullif(replace(regexp_extract(x, '([+-]\\d{2}:?\\d{2})(?:$|[^\\d-])', 1), ':', ''),
     ''), 'UTC'),
   '^([+-]\\d{2})(\\d{2})$', '\\1:\\2') END`,
  `athena_offset_name(x) AS CASE WHEN athena_offset(x) IN ('+00:00', '-00:00') THEN 'UTC' ELSE athena_offset(x) END`,
  `athena_at_offset(x, z) AS CASE WHEN z = 'UTC' THEN CAST(x AS TIMESTAMP) ELSE CAST(x AS TIMESTAMP)
   + CASE WHEN z LIKE '-%' THEN -1 ELSE 1 END * (to_hours(TRY_CAST(z[2:3] AS BIGINT))
     + to_minutes(TRY_CAST(z[5:6] AS BIGINT))) END`,
  `athena_local(x, z) AS CASE WHEN z LIKE '+%' OR z LIKE '-%' THEN athena_at_offset(x, z) ELSE x AT TIME ZONE z END`,
  `athena_instant(x, z) AS CASE WHEN z LIKE '+%' OR z LIKE '-%' THEN CAST(CAST(x AS VARCHAR) || z AS TIMESTAMPTZ)
     ELSE timezone(z, x) END`,
  `athena_in_utc(x, z) AS CASE WHEN CASE WHEN z <> 'UTC'
     THEN ${failWith('NOT_SUPPORTED', `'a time with the offset ' || z || ' in this place is not supported by the local Athena'`)} ELSE 0 END = 0 THEN x END`,
  `athena_sum(s) AS CASE WHEN typeof(s) = 'HUGEINT' AND s IS NOT NULL AND TRY_CAST(CAST(s AS VARCHAR) AS BIGINT) IS NULL
   THEN cast_to_type(CAST(${failWith('NUMERIC_VALUE_OUT_OF_RANGE', `'bigint addition overflow: ' || CAST(s AS VARCHAR)`)} AS VARCHAR), s) ELSE s END`,
  // The median of decimals is one, that of whole numbers a double: the type of an average.
  `athena_average(v, s, n) AS CASE WHEN typeof(s) LIKE 'DECIMAL%'
     THEN cast_to_type(athena_divide(s, nullif(n, 0)), CASE WHEN false THEN list_median([s]) END)
   ELSE cast_to_type(v, CASE WHEN false THEN list_median([s]) END) END`,
  `athena_comparable_text(t, x) AS CASE WHEN CASE WHEN len(list_filter(t, lambda y: y NOT IN ('VARCHAR', '"NULL"'))) > 0
   THEN ${failWith('TYPE_MISMATCH', `'Cannot apply operator: ' || lower(t[1]) || ' with varchar'`)} ELSE 0 END = 0
     THEN x END`,
  `athena_comparable_number(t, x) AS CASE WHEN CASE WHEN len(list_filter(t, lambda y: y = 'VARCHAR')) > 0
   THEN ${failWith('TYPE_MISMATCH', `'Cannot apply operator: ' || lower(t[1]) || ' with a number'`)} ELSE 0 END = 0
     THEN x END`,
  `athena_concatenated(t, x) AS CASE WHEN CASE
   WHEN len(list_filter(t, lambda y: y = 'VARCHAR')) > 0
     AND len(list_filter(t, lambda y: y NOT IN ('VARCHAR', '"NULL"'))) > 0
   THEN ${failWith('TYPE_MISMATCH', `'Unexpected parameters (' || lower(array_to_string(t, ', ')) || ') for function concat'`)} ELSE 0 END = 0 THEN x END`,
];

/** Java's text of a double, from DuckDB's. */
const doubleText = `athena_double_text(s) AS CASE
  WHEN s IN ('inf', '-inf') THEN replace(s, 'inf', 'Infinity') WHEN s = 'nan' THEN 'NaN'
  WHEN s LIKE '%e%' THEN regexp_replace(split_part(s, 'e', 1), '^(-?\\d+)$', '\\1.0') || 'E'
     || CAST(CAST(split_part(s, 'e', 2) AS INTEGER) AS VARCHAR)
  WHEN regexp_matches(s, '^-?\\d{8,}') THEN regexp_extract(s, '^-?\\d') || '.'
    || coalesce(nullif(rtrim(regexp_replace(s, '^-?\\d|\\.', '', 'g'), '0'), ''), '0') || 'E'
     || CAST(length(regexp_extract(s, '^-?(\\d+)', 1)) - 1 AS VARCHAR)
  WHEN regexp_matches(s, '^-?0\\.000') THEN regexp_extract(s, '^-?') || regexp_extract(s, '[1-9]') || '.'
    || coalesce(nullif(regexp_extract(s, '[1-9](\\d*)', 1), ''), '0') || 'E-'
     || CAST(length(regexp_extract(s, '\\.(0*)', 1)) + 1 AS VARCHAR)
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
  `athena_millis(s) AS CASE WHEN s LIKE '%.%' THEN rpad(regexp_extract(s, '^[^.]*\\.\\d{1,3}'), 23, '0') ELSE s
     || '.000' END`,
  `athena_text(x) AS CASE
   WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN athena_double_text(CAST(x AS VARCHAR))
   WHEN typeof(x) = 'JSON' THEN to_json(x) ->> '$'
   WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN athena_millis(regexp_replace(CAST(x AS VARCHAR), '\\+00$', ''))
     || ' UTC'
   WHEN typeof(x) LIKE 'TIMESTAMP%' THEN athena_millis(CAST(x AS VARCHAR))
   ELSE CAST(x AS VARCHAR) END`,
  `athena_whole(x) AS CASE WHEN typeof(x) = 'JSON' AND CAST(x AS VARCHAR) = 'null' THEN NULL
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
  `athena_sign(x) AS cast_to_type(sign(x), CASE WHEN false THEN round(x) END)`,
  // The scale of a decimal stays.
  `athena_round(x, n) AS cast_to_type(round(x, n), CASE WHEN false THEN x + x END)`,
  `athena_truncated(x) AS trunc(x), (x, n) AS cast_to_type(trunc(x, n), x)`,
  `athena_right_shift(x, n) AS CASE WHEN x < 0
     THEN ${fail('NOT_SUPPORTED', 'bitwise_right_shift of a negative number is not supported by the local Athena')}
     ELSE x >> n END`,
  `athena_signed_shift(x, n) AS CASE WHEN x < 0 THEN -((-x - 1) >> n) - 1 ELSE x >> n END`,
  `athena_bit_count(x, n) AS CAST(bit_count(CAST(x AS BIGINT)) AS BIGINT) - CASE WHEN x < 0 THEN 64 - n ELSE 0 END`,
  `athena_width_bucket(x, a, b, n) AS CAST(CASE WHEN x < a THEN 0 WHEN x >= b THEN n + 1
     ELSE floor((x - a) / ((b - a) / n)) + 1 END AS BIGINT)`,
  `athena_from_base(s, b) AS list_reduce(list_prepend(CAST(0 AS BIGINT), list_transform(string_split(lower(s), ''),
     lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS BIGINT))), lambda x, y: x * b + y)`,
  `athena_cbrt(x) AS CASE WHEN round(cbrt(x)) ** 3 = x THEN round(cbrt(x)) ELSE cbrt(x) END`,
];

const strings = [
  `athena_length_of(x) AS CASE WHEN typeof(x) = 'BLOB' THEN octet_length(CAST(x AS BLOB))
   WHEN typeof(x) NOT IN ('VARCHAR', '"NULL"')
     THEN ${failWith('TYPE_MISMATCH', `'Unexpected parameters (' || lower(typeof(x)) || ') for function length'`)}
   ELSE length(CAST(x AS VARCHAR)) END`,
  `athena_substring(s, i) AS CASE WHEN i = 0 OR -i > length(s) THEN CASE WHEN s IS NOT NULL THEN '' END
     ELSE substring(s, i) END,
   (s, i, n) AS CASE WHEN i = 0 OR -i > length(s) OR n <= 0 THEN CASE WHEN s IS NOT NULL THEN '' END
     ELSE substring(s, i, n) END`,
  // ß has no capital in Java.
  `athena_upper(s) AS replace(upper(s), 'ẞ', 'ß')`,
  `athena_split(s, d) AS string_split(s, d),
   (s, d, n) AS CASE WHEN len(string_split(s, d)) <= n THEN string_split(s, d)
     ELSE string_split(s, d)[:n - 1] || [array_to_string(string_split(s, d)[n:], d)] END`,
  `athena_strpos(s, d) AS strpos(s, d),
   (s, d, n) AS CASE WHEN len(string_split(s, d)) <= n THEN 0
     ELSE length(array_to_string(string_split(s, d)[:n], d)) + 1 END`,
  `athena_joined(d, x) AS CASE WHEN typeof(x) LIKE '%[]'
     THEN array_to_string(list_filter(CAST(to_json(x) AS VARCHAR[]), lambda y: y IS NOT NULL), d)
   ELSE concat_ws(d, x) END`,
  `athena_regexp_position(s, p) AS CASE WHEN regexp_matches(s, p) THEN strpos(s, regexp_extract(s, p))
     WHEN s IS NOT NULL AND p IS NOT NULL THEN -1 END`,
  `athena_split_to_multimap(s, e, k) AS athena_multimap(list_transform(string_split(s, e),
     lambda x: {key: split_part(x, k, 1), value: split_part(x, k, 2)}))`,
  `athena_split_part(s, d, i) AS CASE WHEN i < 1
     THEN ${fail('INVALID_FUNCTION_ARGUMENT', 'Index must be greater than zero')}::VARCHAR
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
  `athena_from_iso8601(x) AS CASE
     WHEN regexp_full_match(x, '\\d{4}-\\d{2}-\\d{2}(T\\d{2}(:\\d{2}(:\\d{2}(\\.\\d+)?)?)?(Z|[+-]\\d{2}:?\\d{2})?)?')
     THEN CAST(x AS TIMESTAMPTZ)
     WHEN x IS NOT NULL THEN CAST(CAST(${failWith('INVALID_FUNCTION_ARGUMENT', `'Invalid format: "' || x || '"'`)} AS
     VARCHAR) AS TIMESTAMPTZ) END`,
];

const WRONG_STEP = fail('INVALID_FUNCTION_ARGUMENT', 'sequence stop value is not in the direction of the step');
const days = (value: string): string => `CAST(CAST(${value} AS VARCHAR) AS TIMESTAMP)`;
const whole = (value: string): string => `CAST(CAST(${value} AS VARCHAR) AS BIGINT)`;

const lists = [
  `athena_distinct(l) AS list_filter(l, lambda x, i: list_position(l, x) = i)`,
  `athena_sequence(a, b) AS CASE WHEN typeof(a) = 'DATE'
     THEN cast_to_type(generate_series(${days('a')}, ${days('b')}, CASE WHEN a <= b THEN to_days(1)
     ELSE to_days(-1) END), [a])
     ELSE cast_to_type(generate_series(${whole('a')}, ${whole('b')}, CASE WHEN a <= b THEN 1 ELSE -1 END), [a]) END,
   (a, b, c) AS CASE WHEN CASE WHEN len(generate_series(a, b, c)) = 0 THEN ${WRONG_STEP} ELSE 0 END = 0
     THEN CASE WHEN typeof(c) = 'INTERVAL'
       THEN list_filter(list_transform(range(0, len(generate_series(a, b, c)) + 1), lambda i: cast_to_type(a
     + cast_to_type(i, 1) * c, a)),
         lambda x: CASE WHEN a <= b THEN x <= b ELSE x >= b END)
       ELSE cast_to_type(generate_series(a, b, c), [a]) END END`,
  `athena_entries(m) AS list_transform(map_entries(m), lambda x: {field0: x.key, field1: x.value})`,
  `athena_multimap(e) AS map_from_entries(list_transform(athena_distinct(list_transform(e, lambda x: x.key)),
     lambda k: {key: k,
     value: list_transform(list_filter(e, lambda x: x.key = k), lambda x: x.value)}))`,
  `athena_multimap_of_rows(e) AS athena_multimap(list_transform(e, lambda x: {key: x[1], value: x[2]}))`,
  `athena_overlap(a, b) AS CASE WHEN list_has_any(a, b) THEN true
   WHEN coalesce(list_position(a, NULL), 0) > 0 OR coalesce(list_position(b, NULL), 0) > 0 THEN NULL
     ELSE list_has_any(a, b) END`,
  `athena_position(l, e) AS coalesce(list_position(l, e), CASE WHEN l IS NOT NULL AND e IS NOT NULL THEN 0 END),
   (l, e, n) AS coalesce(list_filter(range(1, len(l) + 1), lambda i: l[i] = e)[n], CASE WHEN l IS NOT NULL
     AND e IS NOT NULL THEN 0 END)`,
  `athena_ngrams(l, n) AS CASE WHEN len(l) <= n THEN [l] ELSE list_transform(range(1, len(l) - n + 2), lambda i: l[i:i
     + n - 1]) END`,
  `athena_trim_array(l, n) AS CASE WHEN n < 0 OR n > len(l)
   THEN l[${fail('INVALID_FUNCTION_ARGUMENT', 'size must not be negative or exceed array cardinality')}:1]
     ELSE l[:len(l) - n] END`,

  `athena_intersect(a, b) AS athena_distinct(list_filter(a, lambda x: list_position(b, x) IS NOT NULL
     AND list_position(b, x) > 0))`,
  `athena_except(a, b) AS athena_distinct(list_filter(a, lambda x: coalesce(list_position(b, x), 0) = 0))`,
  `athena_remove(a, e) AS list_filter(a, lambda x: x <> e OR x IS NULL)`,
  `athena_join(l, s) AS array_to_string(list_transform(list_filter(l, lambda x: x IS NOT NULL),
     lambda x: athena_text(x)), s),
   (l, s, n) AS array_to_string(list_transform(l, lambda x: coalesce(athena_text(x), n)), s)`,
  `athena_has(l, e) AS CASE WHEN l IS NULL OR e IS NULL THEN NULL WHEN list_contains(l, e) THEN true
   WHEN list_position(l, NULL) > 0 THEN NULL ELSE false END`,
  `athena_list_max(l) AS CASE WHEN coalesce(list_position(l, NULL), 0) > 0 THEN NULL ELSE list_max(l) END`,
  `athena_list_min(l) AS CASE WHEN coalesce(list_position(l, NULL), 0) > 0 THEN NULL ELSE list_min(l) END`,
  `athena_any_true(l) AS CASE WHEN list_contains(l, true) THEN true WHEN coalesce(list_position(l, NULL), 0) > 0
     THEN NULL WHEN l IS NOT NULL THEN false END`,
  `athena_all_true(l) AS CASE WHEN list_contains(l, false) THEN false WHEN coalesce(list_position(l, NULL), 0) > 0
     THEN NULL WHEN l IS NOT NULL THEN true END`,
  `athena_slice(l, f, n) AS CASE WHEN f < 0 AND -f > len(l) THEN [] WHEN f < 0 THEN l[len(l) + f + 1:len(l) + f + n]
   ELSE l[CASE WHEN f = 0 THEN ${fail('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')} ELSE f END:f
     + n - 1] END`,
  // The first of the entries with the same key, since a map of DuckDB must not have two.
  `athena_map_of(e) AS map_from_entries(list_filter(e, lambda x, i: list_position(list_transform(e, lambda y: y.key),
     x.key) = i))`,
];

const json = [
  `athena_json_scalar(j, p) AS CASE WHEN json_valid(CAST(j AS VARCHAR))
     AND coalesce(json_type(CAST(j AS VARCHAR), p), 'OBJECT') NOT IN ('OBJECT', 'ARRAY')
   THEN json_extract_string(CAST(j AS VARCHAR), p) END`,
  `athena_json_extract(j, p) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) THEN json_extract(CAST(j AS VARCHAR), p) END`,
  `athena_json_parse(j) AS CASE WHEN json_valid(j) THEN CAST(json(j) AS JSON)
   WHEN j IS NOT NULL THEN CAST(CAST(${fail('INVALID_FUNCTION_ARGUMENT', 'Cannot convert value to JSON')} AS VARCHAR)
     AS JSON) END`,
  `athena_json_size(j, p) AS CASE json_type(CAST(j AS VARCHAR), p) WHEN 'ARRAY'
     THEN json_array_length(CAST(j AS VARCHAR), p)
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
