import type { ResultColumn } from '../column-types.ts';
import type { Condition } from '../sql/emit-scope.ts';
import type { QueryErrorName } from '../sql/query-error.ts';

/** An object that a table consists of. */
export interface TableFile {
  /** The copy on this disk. Absolute. */
  local: string;
  /** `s3://bucket/key` */
  path: string;
  compression: 'gzip' | 'zstd' | 'none';
  /** Values of the partition keys, in their order. */
  partition: readonly (string | null)[];
}

/** A column with its type in Hive's words. */
export interface TableColumn {
  name: string;
  type: string;
}

/** How the objects of a table are read. */
export type TableFormat =
  | { kind: 'json'; ignoresMalformed: boolean; ignoresKeyCase: boolean; mapping: Readonly<Record<string, string>> }
  | { kind: 'csv'; delimiter: string; quote: string; escape: string; skippedLines: number; isStrict: boolean }
  | { kind: 'parquet' };

/** What a name of the catalog stands for. */
export type Relation =
  | {
      kind: 'files';
      columns: readonly TableColumn[];
      partitionKeys: readonly TableColumn[];
      format: TableFormat;
      files: readonly TableFile[];
    }
  | { kind: 'view'; sql: string; database: string | undefined; columns: readonly TableColumn[] };

/** A table of the catalog by name. */
export interface TableName {
  database: string;
  name: string;
}

/** One table that a query reads, with the conditions of each place where it stands. */
export interface TableWanted extends TableName {
  conditions: readonly (readonly Condition[])[];
  /** How often it is read so: as often as the view that holds the query. */
  times: number;
}

/** An error that crosses from one process to another. */
export interface WireError {
  name: QueryErrorName;
  /** With the name in front. */
  message: string;
}

/** From the runtime to the engine's process. */
export type EngineRequest =
  | { kind: 'run'; id: string; sql: string; database: string | undefined; output: string }
  | { kind: 'relations'; id: string; relations: readonly Relation[] }
  | { kind: 'refused'; id: string; error: WireError }
  | { kind: 'cancel'; id: string };

/** From the engine's process to the runtime. */
export type EngineReply =
  | { kind: 'wants'; id: string; tables: readonly TableWanted[] }
  | { kind: 'done'; id: string; columns: readonly ResultColumn[]; rows: number }
  | { kind: 'failed'; id: string; error: WireError };

/** What the engine's process is started with, in its environment as JSON. */
export interface EngineSettings {
  /** Bytes that DuckDB may use for one query. */
  memoryBytes: number;
  threads: number;
  /** Folders that queries may read. */
  folders: readonly string[];
}
