import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';

/**
 * A column of a result, as ResultSetMetadata describes it.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html
 */
export interface ResultColumn {
  name: string;
  /** `bigint`, `varchar`, `array`, … */
  type: string;
  precision: number;
  scale: number;
}

const VARCHAR_PRECISION = 2_147_483_647;

/** The column of a result with a type of DuckDB. */
export function resultColumn(name: string, type: DuckDBType): ResultColumn {
  const [athenaType, precision, scale = 0] = athenaTypeOf(type);
  return { name, type: athenaType, precision, scale };
}

function athenaTypeOf(type: DuckDBType): [type: string, precision: number, scale?: number] {
  if (type.alias === 'JSON') return ['json', 0];
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return ['boolean', 0];
    case DuckDBTypeId.TINYINT:
      return ['tinyint', 3];
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
      return ['smallint', 5];
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.SQLNULL:
      return ['integer', 10];
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return ['bigint', 19];
    case DuckDBTypeId.FLOAT:
      return ['float', 17];
    case DuckDBTypeId.DOUBLE:
      return ['double', 17];
    case DuckDBTypeId.DECIMAL:
      return 'width' in type ? ['decimal', type.width, type.scale] : ['decimal', 38];
    case DuckDBTypeId.DATE:
      return ['date', 0];
    case DuckDBTypeId.TIME:
      return ['time', 0];
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_S:
      return ['timestamp', 3];
    case DuckDBTypeId.TIMESTAMP_TZ:
      return ['timestamp with time zone', 3];
    case DuckDBTypeId.INTERVAL:
      return ['interval day to second', 0];
    case DuckDBTypeId.BLOB:
      return ['varbinary', 1_073_741_824];
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return ['array', 0];
    case DuckDBTypeId.MAP:
      return ['map', 0];
    case DuckDBTypeId.STRUCT:
      return ['row', 0];
    default:
      return ['varchar', VARCHAR_PRECISION];
  }
}
