import * as z from 'zod';

/** Columns of a change itself and of its partition. No attribute becomes a column of such a name. */
export const changeColumnNames = ['change', 'sequence', 'changed_at', 'deleted', 'misfits', 'datehour'] as const;

const columnType = z.enum(['string', 'bigint', 'boolean']);

/**
 * A table whose changes the sales lake keeps, as `npx tweet-pipes orders describe` writes it and the option
 * `salesTable` reads it. Columns are those of functions/flatten-orders.
 */
export const salesTableSchema = z.strictObject({
  tableName: z.string().min(3),
  /** With new images. Another one when the stream was off in between. */
  streamArn: z.string().regex(/^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/[^/]+\/stream\/.+$/),
  /** The attribute that Kinesis partitions by. Its name stands in a JSON path. */
  partitionKey: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9_-]+$/), type: z.enum(['S', 'N', 'B']) }),
  /** The columns of the key, the partition key first. */
  keyColumns: z.array(z.string()).min(1).max(2),
  /** All columns of items, those of the key first. CloudFormation takes names in ASCII. */
  columns: z.array(z.strictObject({ name: z.string().regex(/^[a-z0-9_]+$/), type: columnType })).min(1),
});

/** A table of one's own, behind the sales lake. */
export type SalesTable = z.output<typeof salesTableSchema>;
