import { stat } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { messageOf } from '@tweet-pipes/kit/thrown';
import type { ParquetReply, ParquetRequest } from './parquet-process.ts';

/** The process that writes Parquet: DuckDB lives here. It ends with the runtime. */
const send = process.send?.bind(process);
if (send === undefined) throw new Error('parquet-worker.ts runs as a forked process only');
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

/** Bytes that DuckDB may use. */
const MEMORY = '512MB';
/** A row must not be larger. One of a record of 1,000 KB has at most six times as many, when it is escaped. */
const LARGEST_ROW_BYTES = 8 * 1024 * 1024;

process.on('message', (request: ParquetRequest) => {
  void write(request).then(
    () => send({ id: request.id } satisfies ParquetReply),
    (error: unknown) => send({ id: request.id, error: messageOf(error) } satisfies ParquetReply),
  );
});

async function write({ rows, output, columns, compression }: ParquetRequest): Promise<void> {
  await stat(rows);
  // One thread: rows stay in their order, and DuckDB keeps room for rows in each.
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY, threads: '1', temp_directory: '' });
  try {
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    const shape = columns.map(({ name, type }) => `${text(name, '"')}: ${text(type)}`).join(', ');
    const source = `read_json(${text(rows)}, format='newline_delimited', compression='uncompressed',
      columns={${shape}}, maximum_object_size=${LARGEST_ROW_BYTES})`;
    await connection.run(
      `COPY (SELECT * FROM ${source}) TO ${text(output)} (FORMAT parquet, COMPRESSION ${compression.toLowerCase()})`,
    );
  } finally {
    instance.closeSync();
  }
}

/** In quotes, as SQL has it. */
function text(value: string, quote = "'"): string {
  return quote + value.replaceAll(quote, quote + quote) + quote;
}
