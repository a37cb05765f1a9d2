import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { text } from '../sql/types.ts';
import type { EngineSettings } from './messages.ts';

/** An instance of DuckDB with its bounds, which one query uses at a time. */
interface Database {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** The part of the instance that a query has for itself. No database of Glue has such a name. */
const CATALOG = '"a query"';

/**
 * Databases for queries. To open an instance of DuckDB takes more processor time than most queries, so the next query
 * gets the instance of one that has ended, and nothing of what was made there.
 */
export class Databases {
  readonly #settings: EngineSettings;
  readonly #free: Database[] = [];

  constructor(settings: EngineSettings) {
    this.#settings = settings;
  }

  /** Works in an empty database that no other query uses. Throws what `work` throws, and errors of DuckDB. */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const database = this.#free.pop() ?? (await this.#open());
    try {
      await database.connection.run(`ATTACH ':memory:' AS ${CATALOG}; USE ${CATALOG}`);
      return await work(database.connection);
    } finally {
      await this.#empty(database);
    }
  }

  async #open(): Promise<Database> {
    const { memoryBytes, threads, folders } = this.#settings;
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryBytes}B`,
      threads: String(threads),
      temp_directory: '',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const bounds = [
      "SET TimeZone = 'UTC'",
      'SET integer_division = true',
      `SET allowed_directories = [${folders.map(text).join(', ')}]`,
      'SET enable_external_access = false',
      'SET lock_configuration = true',
    ];
    for (const statement of bounds) await connection.run(statement);
    return { instance, connection };
  }

  /** Drops what a query made. An instance that still works for a query that failed is closed. */
  async #empty(database: Database): Promise<void> {
    try {
      await database.connection.run(`USE memory; DETACH ${CATALOG}`);
      this.#free.push(database);
    } catch {
      database.instance.closeSync();
    }
  }
}
