import { describe, expect, it } from '@jest/globals';
import { convertRecord, type SerDe } from '../../../src/firehose/conversion/convert-row.ts';
import { parseHiveType } from '../../../src/hive-type.ts';
import cases from '../cases/conversions.json' with { type: 'json' };

const openx: SerDe = { kind: 'openx', ignoresCase: true };
const serdes: Record<string, SerDe> = {
  openx,
  exact: { kind: 'openx', ignoresCase: false },
  hive: { kind: 'hive', ignoresCase: true },
};

interface ValueCase {
  serde: string;
  value: string;
  becomes?: string;
  /** The message of AWS for a value that does not fit, as far as it is known. */
  fails?: string;
}

describe.each<[string, ValueCase[]]>(Object.entries(cases.values))('%s', (type, values) => {
  it.each(values)('$serde: $value', ({ serde, value, becomes, fails }) => {
    const columns = [{ name: 'v', type: parseHiveType(type) }];
    const outcome = convertRecord(`{"v":${value}}`, columns, serdes[serde] ?? openx);
    if (fails === undefined) expect(outcome).toEqual({ rows: [`{"v":${becomes}}`] });
    else {
      expect(outcome).toEqual({
        errorCode: 'DataFormatConversion.MalformedData',
        errorMessage: `Data does not match the schema. ${fails}`,
      });
    }
  });
});

describe('a record', () => {
  const columns = [
    { name: 'id', type: parseHiveType('string') },
    { name: 'n', type: parseHiveType('int') },
  ];
  it.each(cases.records)('$record', ({ record, rows, code, message }) => {
    const outcome = convertRecord(record, columns, openx);
    if (rows !== undefined) expect(outcome).toEqual({ rows });
    else expect(outcome).toEqual({ errorCode: `DataFormatConversion.${code}`, errorMessage: message });
  });
});
