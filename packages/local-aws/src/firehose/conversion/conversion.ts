import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { duckdbTypeOf, type HiveType, HiveTypeError, parseHiveType } from '../../hive-type.ts';
import type { JournalRecord } from '../journal-frame.ts';
import { type BuiltObject, ObjectFile } from '../object-file.ts';
import { type ConversionFailure, convertRecord, type SchemaColumn } from './convert-row.ts';
import type { ParquetJob } from './parquet-process.ts';

/** How records become Parquet, and where those go that cannot. */
export const conversionPlan = z.strictObject({
  serde: z.strictObject({ kind: z.enum(['openx', 'hive']), ignoresCase: z.boolean() }),
  compression: z.enum(['SNAPPY', 'GZIP', 'UNCOMPRESSED']),
  /** The table of Glue as the errors name it. */
  table: z.record(z.string(), z.string()),
  /** Of the table, with Hive's types. */
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** Why there is no schema. No record can be converted then. */
  failure: z.strictObject({ errorCode: z.string(), errorMessage: z.string() }).optional(),
  errorKey: z.string(),
});
export type ConversionPlan = z.infer<typeof conversionPlan>;

/** Writes a file of Parquet. */
export type WriteParquet = (job: ParquetJob) => Promise<void>;

/**
 * Collects rows in a file beside the journal, and writes Parquet of them. Records that do not fit go to an object of
 * their own: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
 */
export class Conversion {
  readonly #plan: ConversionPlan;
  readonly #columns: readonly SchemaColumn[];
  readonly #failure: ConversionFailure | undefined;
  readonly #rows: ObjectFile;
  readonly #errors: ObjectFile;
  readonly #output: BuiltObject;
  readonly #now: () => number;

  /** `path` is that of the object. Files beside it have longer names that end in `.object` too. */
  constructor(plan: ConversionPlan, output: BuiltObject, now: () => number) {
    this.#plan = plan;
    this.#output = output;
    this.#now = now;
    const schema = schemaOf(plan);
    this.#columns = schema.columns;
    this.#failure = schema.failure;
    this.#rows = new ObjectFile(`${output.path}.rows.object`, output.key, 'UNCOMPRESSED');
    this.#errors = new ObjectFile(`${output.path}.failed.object`, plan.errorKey, 'UNCOMPRESSED');
  }

  /** Takes a record, whose data may be what a function made of it. Throws errors of the disk. */
  async write(record: JournalRecord, data: Uint8Array): Promise<void> {
    const outcome = this.#failure ?? convertRecord(Buffer.from(data).toString(), this.#columns, this.#plan.serde);
    if ('rows' in outcome) await this.#rows.write(...outcome.rows.map((row) => Buffer.from(`${row}\n`)));
    else await this.#errors.write(errorLine(record, data, outcome, this.#plan, this.#now()));
  }

  /** The objects, without empty ones. Throws errors of the disk and of `write`. */
  async finish(write: WriteParquet): Promise<BuiltObject[]> {
    const [rows, errors] = await Promise.all([this.#rows.finish(), this.#errors.finish()]);
    if (rows.length === 0) return errors;
    const columns = this.#columns.map(({ name, type }) => ({ name, type: duckdbTypeOf(type) }));
    const { compression } = this.#plan;
    await write({ rows: this.#rows.path, output: this.#output.path, columns, compression });
    await rm(this.#rows.path);
    return [this.#output, ...errors];
  }

  /** Ends unfinished files. */
  abandon(): void {
    this.#rows.abandon();
    this.#errors.abandon();
  }
}

function schemaOf({ columns, failure }: ConversionPlan): {
  columns: SchemaColumn[];
  failure: ConversionFailure | undefined;
} {
  const parsed: SchemaColumn[] = [];
  for (const { name, type } of columns) {
    try {
      const known = parseHiveType(type);
      if (hasBinary(known)) throw new HiveTypeError(type, 'binary');
      parsed.push({ name: name.toLowerCase(), type: known });
    } catch (error) {
      if (!(error instanceof HiveTypeError)) throw error;
      const errorMessage = `The column ${name} of the schema has the type ${type}: ${error.message}.`;
      return { columns: [], failure: { errorCode: 'DataFormatConversion.InvalidSchema', errorMessage } };
    }
  }
  return { columns: parsed, failure };
}

function hasBinary(type: HiveType): boolean {
  switch (type.kind) {
    case 'simple':
      return type.name === 'binary';
    case 'decimal':
      return false;
    case 'array':
      return hasBinary(type.element);
    case 'map':
      return hasBinary(type.key) || hasBinary(type.value);
    case 'struct':
      return type.fields.some(([, field]) => hasBinary(field));
  }
}

function errorLine(
  { arrivalMs, origin }: JournalRecord,
  data: Uint8Array,
  { errorCode, errorMessage }: ConversionFailure,
  { table }: ConversionPlan,
  nowMs: number,
): Buffer {
  const line = {
    attemptsMade: 1,
    arrivalTimestamp: arrivalMs,
    lastErrorCode: errorCode,
    lastErrorMessage: errorMessage,
    attemptEndingTimestamp: nowMs,
    rawData: Buffer.from(data).toString('base64'),
    ...(origin && { sequenceNumber: origin.sequenceNumber, subSequenceNumber: 0 }),
    dataCatalogTable: table,
  };
  return Buffer.from(`${JSON.stringify(line)}\n`);
}
