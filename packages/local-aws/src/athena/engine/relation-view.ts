import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted, text } from '../sql/types.ts';
import { hiveType } from './hive-types.ts';
import { withLowerCaseKeys } from './key-case.ts';
import type { Relation, TableColumn, TableFile, TableFormat, TableName } from './messages.ts';

type Files = Extract<Relation, { kind: 'files' }>;

/** A row of JSON may be larger, up to twice this. DuckDB keeps room for two in each thread and scan. */
const LARGEST_ROW_BYTES = 16 * 1024 * 1024;
/** A line of CSV must not be larger: DuckDB keeps room for several. */
const LARGEST_LINE_BYTES = 16 * 1024 * 1024;
/** The column with the path of the copy, which no table has. */
const FILE = 'athena_file';

/**
 * Makes a view over the objects of a table. Its last columns are the partition keys, and `$path` where a query asks for
 * it. Throws errors of DuckDB and `QueryError`.
 */
export async function createTableView(
  connection: DuckDBConnection,
  { database, name }: TableName,
  relation: Files,
  options: { hasPath: boolean },
): Promise<void> {
  const { columns, partitionKeys, files } = relation;
  const types = columns.map((column) => hiveType(column.type, column.name));
  const keyTypes = partitionKeys.map((key) => hiveType(key.type, key.name));
  const needsFile = partitionKeys.length > 0 || options.hasPath;
  const outputs = [
    ...columns.map((column) => quoted(column.name)),
    ...partitionKeys.map((key, index) => `CAST(athena_files.k${index} AS ${keyTypes[index]}) AS ${quoted(key.name)}`),
    ...(options.hasPath ? ['athena_files.path AS "$path"'] : []),
  ];
  const view = `CREATE VIEW ${quoted(database)}.${quoted(name)} AS `;
  if (files.length === 0) {
    const empty = [
      ...columns.map((column, index) => `CAST(NULL AS ${types[index]}) AS ${quoted(column.name)}`),
      ...partitionKeys.map((key, index) => `CAST(NULL AS ${keyTypes[index]}) AS ${quoted(key.name)}`),
      ...(options.hasPath ? ['CAST(NULL AS VARCHAR) AS "$path"'] : []),
    ];
    await connection.run(`${view}SELECT ${empty.join(', ')} WHERE false`);
    return;
  }
  const read = await readableFiles(connection, relation);
  const scans = await Promise.all(
    byCompression(read).map(([compression, some]) => scanOf(connection, relation, types, compression, some)),
  );
  const scan = scans.join(' UNION ALL ');
  if (!needsFile) {
    await connection.run(`${view}SELECT ${outputs.join(', ')} FROM (${scan})`);
    return;
  }
  const list = `${quoted(database)}.${quoted(`${name} files`)}`;
  await connection.run(
    `CREATE TABLE ${list} (file VARCHAR, path VARCHAR${partitionKeys.map((_, index) => `, k${index} VARCHAR`).join('')})`,
  );
  for (let start = 0; start < read.length; start += 500) {
    const rows = read.slice(start, start + 500).map(({ local, path, partition }) => {
      const values = partition.map((value) => (value === null ? 'NULL' : text(value)));
      return `(${[text(local), text(path), ...values].join(', ')})`;
    });
    await connection.run(`INSERT INTO ${list} VALUES ${rows.join(', ')}`);
  }
  await connection.run(
    `${view}SELECT ${outputs.join(', ')} FROM (${scan}) JOIN ${list} AS athena_files ON athena_files.file = ${FILE}`,
  );
}

/** The copies as DuckDB can read them. */
async function readableFiles(
  connection: DuckDBConnection,
  { files, columns, format }: Files,
): Promise<readonly TableFile[]> {
  if (format.kind !== 'json' || !format.ignoresKeyCase) return files;
  const lowered = byCompression(files).map(([compression, some]) =>
    withLowerCaseKeys(connection, some, keyedColumns(columns, format), jsonOptions(compression)),
  );
  return (await Promise.all(lowered)).flat();
}

/** The columns by the keys of their values. */
function keyedColumns(columns: readonly TableColumn[], format: Extract<TableFormat, { kind: 'json' }>): TableColumn[] {
  return columns.map(({ name, type }) => {
    const key = format.mapping[name] ?? name;
    return { name: format.ignoresKeyCase ? key.toLowerCase() : key, type };
  });
}

function jsonOptions(compression: TableFile['compression']): string {
  return `${compressed(compression)}, maximum_object_size=${LARGEST_ROW_BYTES}`;
}

function compressed(compression: TableFile['compression']): string {
  return `compression=${text(compression === 'none' ? 'uncompressed' : compression)}`;
}

function byCompression(files: readonly TableFile[]): [TableFile['compression'], TableFile[]][] {
  const groups = new Map<TableFile['compression'], TableFile[]>();
  for (const file of files) groups.set(file.compression, [...(groups.get(file.compression) ?? []), file]);
  return [...groups];
}

/** Reads objects: the table's columns with their types, and the path of the copy. */
async function scanOf(
  connection: DuckDBConnection,
  { columns, format }: Files,
  types: readonly string[],
  compression: TableFile['compression'],
  files: readonly TableFile[],
): Promise<string> {
  const list = `[${files.map(({ local }) => text(local)).join(', ')}]`;
  switch (format.kind) {
    case 'json': {
      const keys = keyedColumns(columns, format).map(({ name }) => name);
      const shape = keys.map((key, index) => `${quoted(key)}: ${text(types[index] ?? 'VARCHAR')}`).join(', ');
      const names = columns.map(({ name }, index) => `${quoted(keys[index] ?? name)} AS ${quoted(name)}`);
      const reads = [
        `format='newline_delimited', ${jsonOptions(compression)}, filename=${text(FILE)}, columns={${shape}}`,
        `ignore_errors=${format.ignoresMalformed}`,
      ];
      return `SELECT ${[...names, FILE].join(', ')} FROM read_json(${list}, ${reads.join(', ')})`;
    }
    case 'csv': {
      const shape = columns.map(({ name }) => `${quoted(name)}: 'VARCHAR'`).join(', ');
      const cast = format.isStrict ? 'CAST' : 'TRY_CAST';
      const names = columns.map(({ name }, index) => `${cast}(${quoted(name)} AS ${types[index]}) AS ${quoted(name)}`);
      const reads = [
        `auto_detect=false, header=false, ${compressed(compression)}, filename=${text(FILE)}, columns={${shape}}`,
        `delim=${text(format.delimiter)}, quote=${text(format.quote)}, escape=${text(format.escape)}`,
        `skip=${format.skippedLines}, null_padding=true, strict_mode=false, nullstr=${text('\\N')}`,
        `max_line_size=${LARGEST_LINE_BYTES}, buffer_size=${2 * LARGEST_LINE_BYTES}, ignore_errors=false, parallel=false`,
      ];
      return `SELECT ${[...names, FILE].join(', ')} FROM read_csv(${list}, ${reads.join(', ')})`;
    }
    case 'parquet': {
      const read = `read_parquet(${list}, union_by_name=true, filename=${text(FILE)}, hive_partitioning=false)`;
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${read}`);
      const present = new Map(described.getRows().map(([name]) => [String(name).toLowerCase(), String(name)]));
      const names = columns.map(({ name }, index) => {
        const found = present.get(name.toLowerCase());
        return `CAST(${found === undefined ? 'NULL' : quoted(found)} AS ${types[index]}) AS ${quoted(name)}`;
      });
      return `SELECT ${[...names, FILE].join(', ')} FROM ${read}`;
    }
  }
}
