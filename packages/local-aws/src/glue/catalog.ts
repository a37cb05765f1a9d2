import { join } from 'node:path';
import { z } from 'zod';
import { DurableFile, readDurable } from '../durable-file.ts';
import { alreadyExists, notFound } from './errors.ts';
import { type DatabaseInput, databaseInput, type PartitionInput, partitionInput, tableInput } from './shapes.ts';

const partition = z.strictObject({ input: partitionInput, createdMs: z.number() });
const table = z.strictObject({
  input: tableInput,
  createdMs: z.number(),
  updatedMs: z.number(),
  /** Counts the updates, as VersionId does. */
  version: z.int(),
  partitions: z.array(partition),
});
const database = z.strictObject({ input: databaseInput, createdMs: z.number(), tables: z.array(table) });
const file = z.strictObject({ version: z.literal(1), databases: z.array(database) });

/** A partition as it is kept. */
export interface CatalogPartition {
  input: PartitionInput;
  createdMs: number;
}

/** A table as it is kept; partitions by {@link partitionKey}. */
export interface CatalogTable extends Omit<z.infer<typeof table>, 'partitions'> {
  partitions: Map<string, CatalogPartition>;
}

/** A database as it is kept; tables by name. */
export interface CatalogDatabase {
  input: DatabaseInput;
  createdMs: number;
  tables: Map<string, CatalogTable>;
}

/** The key of a partition among those of its table. */
export function partitionKey(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** The databases, tables and partitions, kept in `<data folder>/glue/catalog.json`. */
export class Catalog {
  readonly #databases = new Map<string, CatalogDatabase>();
  readonly #file: DurableFile;

  private constructor(path: string) {
    this.#file = new DurableFile(path, () => this.#content());
  }

  /** Reads the catalog, or begins an empty one. Throws `DataFolderError` for a file that is unusable. */
  static async open(dataFolder: string): Promise<Catalog> {
    const path = join(dataFolder, 'glue', 'catalog.json');
    const catalog = new Catalog(path);
    for (const { tables, ...facts } of (await readDurable(path, file))?.databases ?? []) {
      const byName = tables.map(({ partitions, ...rest }): [string, CatalogTable] => [
        rest.input.Name,
        { ...rest, partitions: new Map(partitions.map((each) => [partitionKey(each.input.Values), each])) },
      ]);
      catalog.#databases.set(facts.input.Name, { ...facts, tables: new Map(byName) });
    }
    return catalog;
  }

  /** In the order of their names, as Glue lists them. */
  get databases(): CatalogDatabase[] {
    return sorted(this.#databases);
  }

  /** Throws EntityNotFoundException. */
  database(name: string): CatalogDatabase {
    const found = this.#databases.get(name);
    if (found === undefined) throw notFound(`Database ${name}`);
    return found;
  }

  /** Throws AlreadyExistsException. */
  addDatabase(added: CatalogDatabase): void {
    if (this.#databases.has(added.input.Name)) throw alreadyExists('Database');
    this.#databases.set(added.input.Name, added);
  }

  /** Removes a database with its tables, as Glue does. Throws EntityNotFoundException. */
  removeDatabase(name: string): void {
    this.database(name);
    this.#databases.delete(name);
  }

  /** In the order of their names. Throws EntityNotFoundException for the database. */
  tables(databaseName: string): CatalogTable[] {
    return sorted(this.database(databaseName).tables);
  }

  /** Throws EntityNotFoundException. */
  table(databaseName: string, name: string): CatalogTable {
    const found = this.database(databaseName).tables.get(name);
    if (found === undefined) throw notFound(`Table ${name}`);
    return found;
  }

  /** Resolves when the changes so far are on disk. */
  save(): Promise<void> {
    return this.#file.save();
  }

  #content(): z.input<typeof file> {
    return {
      version: 1,
      databases: [...this.#databases.values()].map(({ tables, ...facts }) => ({
        ...facts,
        tables: [...tables.values()].map(({ partitions, ...rest }) => ({
          ...rest,
          partitions: [...partitions.values()],
        })),
      })),
    };
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
