import { QueryError } from './query-error.ts';

/**
 * MySQL's specifiers, of date_format and date_parse, in DuckDB's. https://trino.io/docs/current/functions/datetime.html
 */
const MYSQL: Readonly<Record<string, string>> = {
  '%a': '%a',
  '%b': '%b',
  '%c': '%-m',
  '%d': '%d',
  '%e': '%-d',
  '%f': '%f',
  '%H': '%H',
  '%h': '%I',
  '%I': '%I',
  '%i': '%M',
  '%j': '%j',
  '%k': '%-H',
  '%l': '%-I',
  '%M': '%B',
  '%m': '%m',
  '%p': '%p',
  '%r': '%I:%M:%S %p',
  '%S': '%S',
  '%s': '%S',
  '%T': '%H:%M:%S',
  '%v': '%V',
  '%W': '%A',
  '%x': '%G',
  '%Y': '%Y',
  '%y': '%y',
  '%%': '%%',
};

/** Joda's letters, of format_datetime and parse_datetime, in DuckDB's specifiers. */
const JODA: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  YYYY: '%Y',
  y: '%-Y',
  yy: '%y',
  xxxx: '%G',
  MM: '%m',
  M: '%-m',
  MMM: '%b',
  MMMM: '%B',
  dd: '%d',
  d: '%-d',
  DDD: '%j',
  D: '%-j',
  ww: '%V',
  e: '%u',
  E: '%a',
  EE: '%a',
  EEE: '%a',
  EEEE: '%A',
  a: '%p',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  SSS: '%g',
  Z: '+0000',
  ZZ: '+00:00',
};

/** Throws NOT_SUPPORTED with the specifier that has no counterpart. */
export function mysqlPattern(pattern: string): string {
  return pattern.replaceAll(/%(.)/gs, (specifier) => {
    const translated = MYSQL[specifier];
    if (translated !== undefined) return translated;
    throw new QueryError('NOT_SUPPORTED', `the date specifier ${specifier} is not supported by the local Athena`);
  });
}

/** Throws NOT_SUPPORTED with the letters that have no counterpart. */
export function jodaPattern(pattern: string, use: 'format' | 'parse'): string {
  return pattern.replaceAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|%/g, (found, quoted?: string) => {
    if (found === '%') return '%%';
    if (quoted !== undefined) return found === "''" ? "'" : quoted.replaceAll("''", "'").replaceAll('%', '%%');
    // A zone in a text is read by DuckDB's %z in each of its forms.
    const translated = use === 'parse' && /^Z+$/.test(found) ? '%z' : JODA[found];
    if (translated !== undefined) return translated;
    throw new QueryError('NOT_SUPPORTED', `the date pattern ${found} is not supported by the local Athena`);
  });
}
