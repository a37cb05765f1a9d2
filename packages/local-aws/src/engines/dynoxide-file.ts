import { DatabaseSync } from 'node:sqlite';
import { EngineError } from './engine.ts';

/** Rows deleted by one statement. The engine waits for the write lock meanwhile, about 10 ms. */
const TRIM_ROWS = 1_000;

/** Which records of a table's stream to delete; sequence numbers are decimal. */
export interface TrimOptions {
  table: string;
  belowSequence: string;
  /** Inclusive ranges that stay. */
  keep?: readonly { from: string; to: string }[];
}

/**
 * A second connection to dynoxide's SQLite file (WAL), beside the engine's. Every method throws SQLite's errors. One is
 * retryable: the engine held the write lock for 5 s (`database is locked`).
 */
export interface DynoxideFile {
  /** Creates the index on stream records that is missing. Without it each write scans its table's stream. */
  indexStreams(): void;
  /**
   * Deletes the records of a table's stream below `belowSequence`. Keeps the ranges in `keep` and the newest record.
   * Returns the number of deleted records. Throws {@link EngineError} when a sequence number is not decimal.
   */
  trimStreams(options: TrimOptions): number;
  /**
   * Deletes the records of a stream that has ended: its table does not exist, or has no stream now. The engine keeps
   * them, and would show them in the next stream of a table of that name.
   */
  dropEndedStream(table: string): void;
  /**
   * Tables with items whose time to live has passed, and how many. The engine keeps some of them. Where the attribute
   * cannot be searched for, one.
   */
  expired(nowSeconds: number): ReadonlyMap<string, number>;
  /** Closes this connection. The engine keeps its own. */
  close(): void;
}

/** Opens the file that a running engine has created. Throws SQLite's errors. */
export function openDynoxideFile(path: string): DynoxideFile {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  // What this connection deletes is deleted again after a loss of power. It waits in the runtime's thread for no fsync.
  database.exec('PRAGMA synchronous = NORMAL');
  return {
    // Without it the engine scans the table's whole stream on every write: `MAX(CAST(sequence_number AS INTEGER))`.
    // Reads of a shard use it too: a stream of the engine has one shard. The other index is of earlier versions.
    indexStreams: () =>
      database.exec(`
        CREATE INDEX IF NOT EXISTS stream_by_table ON _stream_records(table_name, CAST(sequence_number AS INTEGER));
        DROP INDEX IF EXISTS stream_by_shard;
      `),
    trimStreams({ table, belowSequence, keep = [] }) {
      for (const number of [belowSequence, ...keep.flatMap(({ from, to }) => [from, to])]) {
        if (!/^\d+$/.test(number)) throw new EngineError(`Not a sequence number of a stream: ${number}`);
      }
      // Keep the newest row: the engine continues its numbers and would restart at 1, below every checkpoint.
      const remove = database.prepare(`
        DELETE FROM _stream_records WHERE id IN (
          SELECT id FROM _stream_records
          WHERE table_name = :table
            AND CAST(sequence_number AS INTEGER) < CAST(:below AS INTEGER)
            AND CAST(sequence_number AS INTEGER) <
              (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = :table)
            AND NOT EXISTS (SELECT 1 FROM json_each(:keep) WHERE CAST(sequence_number AS INTEGER)
              BETWEEN CAST(value ->> 'from' AS INTEGER) AND CAST(value ->> 'to' AS INTEGER))
          ORDER BY CAST(sequence_number AS INTEGER) LIMIT ${TRIM_ROWS})`);
      let removed = 0;
      for (;;) {
        const changes = Number(remove.run({ table, below: belowSequence, keep: JSON.stringify(keep) }).changes);
        removed += changes;
        if (changes < TRIM_ROWS) return removed;
      }
    },
    dropEndedStream(table) {
      const remove = database.prepare(`
        DELETE FROM _stream_records WHERE id IN (
          SELECT id FROM _stream_records WHERE table_name = :table
            AND NOT EXISTS (SELECT 1 FROM _tables WHERE table_name = :table AND stream_enabled = 1)
          LIMIT ${TRIM_ROWS})`);
      while (Number(remove.run({ table }).changes) === TRIM_ROWS);
    },
    expired(nowSeconds) {
      const tables = database
        .prepare('SELECT table_name, ttl_attribute FROM _tables WHERE ttl_enabled = 1 AND ttl_attribute IS NOT NULL')
        .all();
      const counts = tables.map(({ table_name: table, ttl_attribute: attribute }): [string, number] => [
        String(table),
        countExpired(database, String(table), String(attribute), nowSeconds),
      ]);
      return new Map(counts.filter(([, items]) => items > 0));
    },
    close: () => database.close(),
  };
}

function countExpired(database: DatabaseSync, table: string, attribute: string, nowSeconds: number): number {
  // SQLite's JSON paths cannot contain these characters: any item may have expired.
  if (/["\\]/.test(attribute)) return 1;
  const expiry = `CAST(item_json ->> ${sqlString(`$."${attribute}".N`)} AS REAL)`;
  // Without the index this query would scan every item, as the sweep does.
  database.exec(
    `CREATE INDEX IF NOT EXISTS ${sqlIdentifier(`ttl of ${table} by ${attribute}`)} ON ${sqlIdentifier(table)}(${expiry})`,
  );
  const due = database.prepare(`SELECT COUNT(*) AS items FROM ${sqlIdentifier(table)} WHERE ${expiry} <= ?`);
  return Number(due.get(nowSeconds)?.items ?? 0);
}

function sqlString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function sqlIdentifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
