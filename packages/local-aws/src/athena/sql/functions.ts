import { jodaPattern, mysqlPattern } from './date-patterns.ts';
import type { EmitScope } from './emit-scope.ts';
import { jsonPath } from './json-path.ts';
import { numberLiteral, stringLiteral } from './syntax-tree.ts';
import { text } from './types.ts';

/** One call of a function: its arguments as nodes and as DuckDB's SQL. */
export interface FunctionCall {
  name: string;
  nodes: readonly unknown[];
  args: readonly string[];
  scope: EmitScope;
}

type Emit = (call: FunctionCall) => string;

/** A function of the same name and meaning in DuckDB. */
const same = (names: string): [string, Emit][] =>
  names.split(' ').map((name) => [name, ({ args }) => `${name}(${args.join(', ')})`]);

/** Functions of another name: of DuckDB, or a macro. `name=other` */
const renamed = (pairs: string): [string, Emit][] =>
  pairs.split(' ').map((pair) => {
    const [name = '', other = ''] = pair.split('=');
    return [name, ({ args }) => `${other}(${args.join(', ')})`];
  });

/** Functions with a template: `$1` is the first argument. The number of arguments must be that of the template. */
const templates = (entries: Readonly<Record<string, string | readonly string[]>>): [string, Emit][] =>
  Object.entries(entries).map(([name, forms]) => [
    name,
    (call) => {
      const form = [forms].flat().find((each) => arityOf(each) === call.args.length);
      if (form === undefined) return wrongArguments(call);
      return form.replaceAll(/\$(\d)/g, (_, index: string) => call.args[Number(index) - 1] ?? '');
    },
  ]);

function arityOf(template: string): number {
  return Math.max(0, ...[...template.matchAll(/\$(\d)/g)].map(([, index]) => Number(index)));
}

function wrongArguments({ name, args, scope }: FunctionCall): never {
  return scope.unsupported(`${name} with ${args.length} arguments`, name);
}

/** The text of an argument that must be known before the query runs. */
function constant(call: FunctionCall, index: number): string {
  const value = stringLiteral(call.nodes[index]);
  if (value !== undefined) return value;
  return call.scope.unsupported(`${call.name} with a pattern, path or unit that is no literal`, call.name);
}

const UNITS = new Set(['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']);

function unit(call: FunctionCall): string {
  const name = constant(call, 0).toLowerCase();
  if (UNITS.has(name)) return name;
  return call.scope.fail('INVALID_FUNCTION_ARGUMENT', `'${name}' is not a valid unit`, call.name);
}

/** NULL where an argument is NULL, unlike DuckDB's. */
const ofAll =
  (name: string): Emit =>
  ({ args }) =>
    `CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE ${name}(${args.join(', ')}) END`;

const jsonFunction =
  (macro: string): Emit =>
  (call) => {
    if (call.args.length !== 2) return wrongArguments(call);
    return `${macro}(${call.args[0]}, ${text(jsonPath(constant(call, 1)))})`;
  };

/** Java's format with `%s`, `%d` and `%f`. */
function format(call: FunctionCall): string {
  const values: string[] = [];
  const pattern = constant(call, 0).replaceAll(
    /%(%|([-0+,]*\d*)(?:\.(\d+))?(.))/gs,
    (found, whole, flags: string, digits, kind) => {
      if (whole === '%') return found;
      const arg = call.args[values.length + 1];
      if (arg === undefined) return wrongArguments(call);
      if (flags?.includes(',')) {
        if (flags !== ',') return call.scope.unsupported(`${found} in format`, call.name);
        if (kind === 'd') values.push(`format('{:,}', CAST(${arg} AS BIGINT))`);
        else if (kind === 'f')
          values.push(`format('{:,.${digits ?? 6}f}', round(CAST(${arg} AS DOUBLE), ${digits ?? 6}))`);
        else return call.scope.unsupported(`${found} in format`, call.name);
        return '%s';
      }
      if (kind === 's' && digits === undefined) values.push(`athena_text(${arg})`);
      else if ((kind === 'x' || kind === 'X') && flags === '') values.push(`CAST(${arg} AS BIGINT)`);
      else if (kind === 'd' && digits === undefined) values.push(`CAST(${arg} AS BIGINT)`);
      // Java rounds halves up.
      else if (kind === 'f') values.push(`CAST(round(CAST(${arg} AS DOUBLE), ${digits ?? 6}) AS DOUBLE)`);
      else return call.scope.unsupported(`${found} in format`, call.name);
      return found;
    },
  );
  return `printf(${[text(pattern), ...values].join(', ')})`;
}

const special: Readonly<Record<string, Emit>> = {
  concat: ({ args }) =>
    `athena_concatenated([${args.map((arg) => `typeof(${arg})`).join(', ')}], ${args.join(' || ')})`,
  reverse: ({ args, scope }) => `${scope.reversesLists ? 'list_reverse' : 'reverse'}(${args.join(', ')})`,
  format,
  // A whole number is a bigint here, as in Trino.
  sequence: ({ nodes, args }) =>
    `athena_sequence(${args
      .map((arg, index) => (numberLiteral(nodes[index]) === undefined ? arg : `CAST(${arg} AS BIGINT)`))
      .join(', ')})`,
  concat_ws: ({ args }) => {
    const [separator = '', ...values] = args;
    if (values.length === 1) return `athena_joined(${separator}, ${values[0]})`;
    return `concat_ws(${separator}, ${values.join(', ')})`;
  },
  zip: ({ args }) => {
    const fields = args.map((_, index) => `field${index}: athena_z[${index + 1}]`);
    return `list_transform(list_zip(${args.join(', ')}), lambda athena_z: {${fields.join(', ')}})`;
  },
  greatest: ofAll('greatest'),
  least: ofAll('least'),
  date_add: (call) => `athena_add('${unit(call)}', ${call.args[1]}, ${call.args[2]})`,
  date_diff: (call) => `date_sub('${unit(call)}', ${call.args[1]}, ${call.args[2]})`,
  date_trunc: (call) => `athena_truncate('${unit(call)}', ${call.args[1]})`,
  date_format: (call) => `strftime(${call.args[0]}, ${text(mysqlPattern(constant(call, 1)))})`,
  date_parse: (call) => `strptime(${call.args[0]}, ${text(mysqlPattern(constant(call, 1)))})`,
  format_datetime: (call) => `strftime(${call.args[0]}, ${text(jodaPattern(constant(call, 1), 'format'))})`,
  parse_datetime: (call) =>
    `athena_utc(CAST(strptime(${call.args[0]}, ${text(jodaPattern(constant(call, 1), 'parse'))}) AS TIMESTAMPTZ))`,
  from_unixtime: (call) => (call.args.length < 3 ? `to_timestamp(${call.args[0]})` : wrongArguments(call)),
  json_extract: jsonFunction('athena_json_extract'),
  json_extract_scalar: jsonFunction('athena_json_scalar'),
  json_size: jsonFunction('athena_json_size'),
  regexp_replace: (call) => {
    const [value = '', pattern = '', replacement] = call.args;
    if (replacement === undefined) return `regexp_replace(${value}, ${pattern}, '', 'g')`;
    const literal = stringLiteral(call.nodes[2]);
    if (literal?.includes('${')) return call.scope.unsupported('a named group', call.name);
    const translated =
      literal === undefined
        ? `athena_replacement(${replacement})`
        : text(
            literal.replaceAll(/\\(.)|\$(\d)|\\/g, (found, escaped?: string, group?: string) =>
              group !== undefined ? `\\${group}` : escaped === '\\' || found === '\\' ? '\\\\' : (escaped ?? ''),
            ),
          );
    return `regexp_replace(${value}, ${pattern}, ${translated}, 'g')`;
  },
};

const URL_AUTHORITY = '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/@?#]*@)?';
const URL_BASE = '^[a-zA-Z][a-zA-Z0-9+.-]*:(?://[^/?#]*)?';

/** Every scalar function that is known, by name in lower case. */
export const scalarFunctions: ReadonlyMap<string, Emit> = new Map<string, Emit>([
  ...same(
    'exp ln log10 log2 radians degrees pi sin cos tan asin acos atan atan2 sinh cosh tanh nullif lower ' +
      'lpad rpad starts_with ends_with translate chr ltrim rtrim year month day hour minute second quarter now ' +
      'grouping row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value ' +
      'map_keys map_values map_from_entries map_concat regexp_extract_all json_array_length floor ' +
      'sqrt map flatten',
  ),
  ...renamed(
    'ceiling=ceil ceil=ceil pow=power power=power mod=athena_modulo truncate=athena_truncated sign=athena_sign cbrt=athena_cbrt ' +
      'strpos=athena_strpos length=athena_length_of char_length=athena_length_of codepoint=unicode split=athena_split ' +
      'abs=abs upper=athena_upper map_entries=athena_entries bit_count=athena_bit_count bitwise_right_shift=athena_right_shift bitwise_right_shift_arithmetic=athena_signed_shift ' +
      'regexp_position=athena_regexp_position to_milliseconds=epoch_ms from_base=athena_from_base width_bucket=athena_width_bucket ' +
      'ngrams=athena_ngrams trim_array=athena_trim_array split_to_multimap=athena_split_to_multimap multimap_from_entries=athena_multimap_of_rows ' +
      'array_position=athena_position levenshtein_distance=levenshtein hamming_distance=hamming cardinality=athena_length ' +
      'split_part=athena_split_part regexp_like=regexp_matches regexp_extract=athena_regexp_extract ' +
      'regexp_split=string_split_regex array_distinct=athena_distinct array_intersect=athena_intersect ' +
      'array_except=athena_except array_remove=athena_remove array_join=athena_join contains=athena_has ' +
      'array_max=athena_list_max array_min=athena_list_min slice=athena_slice arrays_overlap=athena_overlap ' +
      'day_of_month=day day_of_week=isodow dow=isodow day_of_year=dayofyear doy=dayofyear week=weekofyear ' +
      'week_of_year=weekofyear year_of_week=isoyear yow=isoyear last_day_of_month=last_day date=athena_date ' +
      'to_unixtime=epoch to_iso8601=athena_iso8601 from_iso8601_timestamp=athena_from_iso8601 ' +
      'bitwise_xor=xor is_nan=isnan is_finite=isfinite is_infinite=isinf',
  ),
  ...templates({
    element_at: 'athena_element($1, $2)',
    array_first: '($1)[1]',
    array_last: '($1)[-1]',
    to_base64url: `replace(replace(to_base64($1), '+', '-'), '/', '_')`,
    e: 'exp(1.0::DOUBLE)',
    log: '(ln($2) / ln($1))',
    random: ['random()', 'CAST(floor(random() * $1) AS BIGINT)'],
    rand: ['random()', 'CAST(floor(random() * $1) AS BIGINT)'],
    round: ['round($1)', 'athena_round($1, $2)'],
    uuid: 'CAST(uuid() AS VARCHAR)',
    infinity: `'Infinity'::DOUBLE`,
    nan: `'NaN'::DOUBLE`,
    normalize: 'nfc_normalize($1)',
    split_to_map:
      'map_from_entries(list_transform(string_split($1, $2), lambda athena_e: {key: split_part(athena_e, $3, 1), value: split_part(athena_e, $3, 2)}))',
    repeat: 'list_transform(range($2), lambda athena_r: $1)',
    bitwise_and: '($1 & $2)',
    bitwise_or: '($1 | $2)',
    bitwise_left_shift: '($1 << $2)',
    bitwise_not: '(~$1)',
    to_base: 'lower(to_base($1, $2))',
    replace: [`replace($1, $2, '')`, 'replace($1, $2, $3)'],
    substr: ['athena_substring($1, $2)', 'athena_substring($1, $2, $3)'],
    position: 'strpos($1, $2)',
    regexp_count: 'len(regexp_extract_all($1, $2))',
    array_union: 'athena_distinct($1 || $2)',
    array_sort: `list_sort($1, 'ASC', 'NULLS LAST')`,
    array_sum: 'list_sum($1)',
    array_average: 'list_avg($1)',
    millisecond: '(millisecond($1) % 1000)',
    at_timezone: 'athena_utc($1)',
    current_timezone: `'UTC'`,
    from_iso8601_date: 'athena_date($1)',
    with_timezone: 'CAST(CAST($1 AS TIMESTAMP) AS TIMESTAMPTZ)',
    from_unixtime_nanos: 'to_timestamp($1 / 1e9)',
    json_parse: 'athena_json_parse($1)',
    json_format: 'CAST(json($1) AS VARCHAR)',
    json_array_contains: `list_contains(CAST(CAST($1 AS JSON) AS JSON[]), to_json($2))`,
    json_array_get: '(CAST($1 AS JSON) -> CAST($2 AS INTEGER))',
    is_json_scalar: `(json_type($1) NOT IN ('OBJECT', 'ARRAY'))`,
    to_utf8: 'encode($1)',
    from_utf8: 'decode($1)',
    to_hex: 'upper(hex($1))',
    from_hex: 'unhex($1)',
    md5: 'unhex(md5($1))',
    sha1: 'unhex(sha1($1))',
    sha256: 'unhex(sha256($1))',
    to_base64: 'to_base64($1)',
    from_base64: 'from_base64($1)',
    url_extract_protocol: `athena_url_part($1, '^([a-zA-Z][a-zA-Z0-9+.-]*):')`,
    url_extract_host: `athena_url_part($1, '${URL_AUTHORITY}([^/:?#]*)')`,
    url_extract_port: `CAST(athena_url_part($1, '${URL_AUTHORITY}[^/:?#]*:(\\d+)') AS BIGINT)`,
    url_extract_path: `athena_url_text($1, '${URL_BASE}([^?#]*)')`,
    url_extract_query: `athena_url_text($1, '\\?([^#]*)')`,
    url_extract_fragment: `athena_url_text($1, '#(.*)$')`,
    url_extract_parameter: 'athena_url_parameter($1, $2)',
    url_encode: `replace(replace(replace(url_encode($1), '%20', '+'), '%2A', '*'), '~', '%7E')`,
    url_decode: `url_decode(replace($1, '+', ' '))`,
  }),
  ...Object.entries(special),
]);

/** Functions without parentheses. */
export const constantFunctions: Readonly<Record<string, string>> = {
  current_date: 'current_date',
  current_time: `CAST(CAST(now() AS TIMESTAMP) AS TIME)`,
  localtime: `CAST(CAST(now() AS TIMESTAMP) AS TIME)`,
  current_timestamp: 'now()',
  localtimestamp: `CAST(now() AS TIMESTAMP)`,
};

/** Aggregates by name, as a template of DuckDB: `$1` is the first argument, `$f` stands for FILTER. */
export const aggregateFunctions: Readonly<Record<string, string | readonly string[]>> = {
  arbitrary: 'any_value($1)$f',
  any_value: 'any_value($1)$f',
  approx_distinct: ['count(DISTINCT $1)$f', 'count(DISTINCT CASE WHEN $2 IS NOT NULL THEN $1 END)$f'],
  approx_percentile: 'quantile_disc($1, $2)$f',
  bool_and: 'bool_and($1)$f',
  every: 'bool_and($1)$f',
  bool_or: 'bool_or($1)$f',
  count_if: 'count_if($1)$f',
  max_by: ['arg_max_null($1, $2)$f', 'arg_max($1, $2, $3)$f'],
  min_by: ['arg_min_null($1, $2)$f', 'arg_min($1, $2, $3)$f'],
  stddev: 'stddev_samp($1)$f',
  stddev_samp: 'stddev_samp($1)$f',
  stddev_pop: 'stddev_pop($1)$f',
  variance: 'var_samp($1)$f',
  var_samp: 'var_samp($1)$f',
  var_pop: 'var_pop($1)$f',
  corr: 'corr($1, $2)$f',
  covar_pop: 'covar_pop($1, $2)$f',
  covar_samp: 'covar_samp($1, $2)$f',
  regr_slope: 'regr_slope($1, $2)$f',
  regr_intercept: 'regr_intercept($1, $2)$f',
  skewness: 'skewness($1)$f',
  kurtosis: 'kurtosis($1)$f',
  geometric_mean: 'exp(avg(ln($1))$f)',
  bitwise_and_agg: 'bit_and($1)$f',
  bitwise_or_agg: 'bit_or($1)$f',
  bitwise_xor_agg: 'bit_xor($1)$f',
  map_union: 'athena_map_of(flatten(list(map_entries($1))$k))',
  histogram: 'histogram($1)$f',
  set_agg: 'list(DISTINCT $1)$f',
  max: 'max($1, $2)$f',
  min: 'min($1, $2)$f',
  multimap_agg: 'athena_multimap(list({key: $1, value: $2})$k)',
  map_agg: 'athena_map_of(list({key: $1, value: $2})$k)',
};
