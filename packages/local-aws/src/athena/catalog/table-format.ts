import type { StorageDescriptor } from '@aws-sdk/client-glue';
import type { TableFormat } from '../engine/messages.ts';
import { QueryError } from '../sql/query-error.ts';

const JSON_SERDES = [
  'org.openx.data.jsonserde.jsonserde',
  'org.apache.hive.hcatalog.data.jsonserde',
  'com.amazon.ionhiveserde.ionhiveserde',
];
const FIRST_OF_TEXT = '\u0001';

/**
 * How the objects of a table are read, by its SerDe. Throws NOT_SUPPORTED with the name of one that is not supported.
 * https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
 */
export function tableFormat(
  storage: StorageDescriptor | undefined,
  parameters: Readonly<Record<string, string>>,
): TableFormat {
  const library = storage?.SerdeInfo?.SerializationLibrary ?? '';
  const serde = storage?.SerdeInfo?.Parameters ?? {};
  const skippedLines = Number(parameters['skip.header.line.count'] ?? 0);
  switch (library.toLowerCase()) {
    case JSON_SERDES[0]:
    case JSON_SERDES[1]: {
      const mapping = Object.entries(serde).flatMap(([key, value]) =>
        key.startsWith('mapping.') ? [[key.slice('mapping.'.length).toLowerCase(), value]] : [],
      );
      return {
        kind: 'json',
        ignoresKeyCase: serde['case.insensitive']?.toLowerCase() !== 'false',
        ignoresMalformed: serde['ignore.malformed.json']?.toLowerCase() === 'true',
        mapping: Object.fromEntries(mapping),
      };
    }
    case 'org.apache.hadoop.hive.ql.io.parquet.serde.parquethiveserde':
      return { kind: 'parquet' };
    case 'org.apache.hadoop.hive.serde2.lazy.lazysimpleserde': {
      const delimiter = serde['field.delim'] ?? serde['serialization.format'] ?? FIRST_OF_TEXT;
      // A number stands for the character with that code.
      const character = /^\d+$/.test(delimiter) ? String.fromCharCode(Number(delimiter)) : delimiter;
      const escaped = serde['escape.delim'] ?? '';
      return { kind: 'csv', delimiter: character, quote: '', escape: escaped, skippedLines, isStrict: false };
    }
    case 'org.apache.hadoop.hive.serde2.opencsvserde':
      return {
        kind: 'csv',
        delimiter: serde.separatorChar ?? ',',
        quote: serde.quoteChar ?? '"',
        escape: serde.escapeChar ?? '"',
        skippedLines,
        isStrict: true,
      };
    default:
      throw new QueryError('NOT_SUPPORTED', `the SerDe ${library || '(none)'} is not supported by the local Athena`);
  }
}
