import { mergeColumns } from './column-type.ts';
import type { FileSchema } from './file-schema.ts';

/** A file with its path below the target: `2026/11/a.gz`. */
export interface FoundFile {
  path: string;
  sizeBytes: number;
  schema: FileSchema;
}

/** Files that make a table. */
export interface FoundTable {
  /** The folder below the target, with `/` at its end, or a file. Empty for the target itself. */
  root: string;
  partitionKeys: readonly string[];
  partitions: readonly FoundPartition[];
  files: readonly FoundFile[];
  /** Merged from all files. */
  schema: FileSchema;
}

/** Files in one folder. Without partition keys there is one of them. */
export interface FoundPartition {
  values: readonly string[];
  /** As the root of a table. */
  folder: string;
  schema: FileSchema;
}

/** How many of the columns must be in each file, unless schemas are to be combined. */
const LEAST_SIMILARITY = 0.7;

/**
 * Divides the files of a target into tables: a folder is a table if the files in it and below have one format, similar
 * columns and lie equally deep. Its levels are then partition keys, `partition_0` or, of folders `key=value`, `key`.
 * Where a folder is none, its folders are looked at, and each of its own files is a table.
 * https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
 */
export function findTables(files: readonly FoundFile[], options: { combines: boolean }, root = ''): FoundTable[] {
  const [first] = files;
  if (first === undefined) return [];
  const schema = mergedSchema(files);
  if (isTable(files, schema, root, options)) return [tableOf(files, schema, root)];
  const own = files.filter(({ path }) => !path.slice(root.length).includes('/'));
  const folders = Map.groupBy(
    files.filter((file) => !own.includes(file)),
    ({ path }) => path.slice(0, path.indexOf('/', root.length) + 1),
  );
  return [
    ...own.map((file) => ({ ...tableOf([file], file.schema, root), root: file.path })),
    ...[...folders].flatMap(([folder, inside]) => findTables(inside, options, folder)),
  ];
}

function isTable(
  files: readonly FoundFile[],
  merged: FileSchema,
  root: string,
  { combines }: { combines: boolean },
): boolean {
  const formats = new Set(files.map(({ schema }) => JSON.stringify([schema.classification, schema.csv?.delimiter])));
  const depths = new Set(files.map(({ path }) => levelsOf(path, root).length));
  if (formats.size > 1 || depths.size > 1) return false;
  return combines || files.every(({ schema }) => schema.columns.size >= LEAST_SIMILARITY * merged.columns.size);
}

function tableOf(files: readonly FoundFile[], schema: FileSchema, root: string): FoundTable {
  const byFolder = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  const levels = [...byFolder.keys()].map((folder) => levelsOf(folder, root));
  const keys = (levels[0] ?? []).map((_, level) => {
    const names = new Set(levels.map((values) => /^([^=]+)=/.exec(values[level] ?? '')?.[1]?.toLowerCase()));
    const [name] = names;
    return names.size === 1 && name !== undefined
      ? { name, isNamed: true }
      : { name: `partition_${level}`, isNamed: false };
  });
  const partitions = [...byFolder].map(([folder, inside]) => ({
    folder,
    values: levelsOf(folder, root).map((value, level) =>
      keys[level]?.isNamed ? decodeURIComponent(value.slice(value.indexOf('=') + 1)) : value,
    ),
    schema: mergedSchema(inside),
  }));
  return { root, partitionKeys: keys.map(({ name }) => name), partitions, files, schema };
}

function levelsOf(path: string, root: string): string[] {
  return path.slice(root.length).split('/').slice(0, -1);
}

/** Of at least one file. */
function mergedSchema(files: readonly FoundFile[]): FileSchema {
  const [first, ...others] = files.map(({ schema }) => schema);
  if (first === undefined) throw new RangeError('a table needs a file');
  const merged = { ...first };
  for (const { columns, sampledRows, sampledBytes } of others) {
    merged.columns = mergeColumns(merged.columns, columns);
    merged.sampledRows += sampledRows;
    merged.sampledBytes += sampledBytes;
  }
  return merged;
}
