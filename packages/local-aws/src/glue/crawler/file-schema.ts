import type { Columns } from './column-type.ts';

/** The formats that are known, by Glue's names. */
export type Classification = 'json' | 'csv' | 'parquet';

/** What the beginning of a file says about it. */
export interface FileSchema {
  classification: Classification;
  /** Of the object as a whole. Parquet compresses inside. */
  compression: 'none' | 'gzip';
  columns: Columns;
  /** Rows in what was read, and the bytes of these. */
  sampledRows: number;
  sampledBytes: number;
  /** Of CSV. */
  csv?: { delimiter: string; hasHeader: boolean; isQuoted: boolean };
}
