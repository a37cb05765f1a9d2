import type { WireRequest } from '../../gateway/wire.ts';
import type { AccessRequest } from '../access-control.ts';

/** Names of partition keys: of indexes by their names, of the table itself by an empty one. */
export type PartitionKeys = ReadonlyMap<string, string>;

/** A call as the rows of its service see it. */
export interface Asked {
  readonly operation: string;
  /** Members by their names in the API model; of S3 nothing. Not validated: any of them may be missing or strange. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly request: WireRequest;
  /** The endpoint's, in ARNs. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Of the tables of the request, as it names them, if a policy asks for partition keys. */
  readonly partitionKeys?: ReadonlyMap<string, PartitionKeys>;
}

/** What one operation asks. More than one question: the call needs all of them. */
export type Row = (asked: Asked) => readonly AccessRequest[];

/** The operations of one service. An operation without a row is one whose rights are not known. */
export type Rows = Readonly<Record<string, Row>>;

/** The ARN of what an operation works on. Several: it needs the right on each. */
export type ResourceOf = (asked: Asked) => string | readonly string[];

/** `arn:aws:<service>:<region>:<account>:<resource>` */
export function arnOf({ region, accountId }: Asked, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** The resource of actions that have none. */
export const anything: ResourceOf = () => '*';

/** Rows of operations that ask the action of their own name. */
export function sameAction(service: string, resourceOf: ResourceOf, operations: readonly string[]): Rows {
  return Object.fromEntries(
    operations.map((operation) => [operation, oneAction(`${service}:${operation}`, resourceOf)]),
  );
}

/** A row that asks one action. */
export function oneAction(action: string, resourceOf: ResourceOf): Row {
  return (asked) => [resourceOf(asked)].flat().map((resource) => ({ action, resource }));
}

/** A row that asks the questions of several. */
export function together(...rows: readonly Row[]): Row {
  return (asked) => rows.flatMap((row) => row(asked));
}

/** A member that is a text; else an empty one, which no policy names. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The elements of a list; none of what is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
