import { eventId } from '../event-key.ts';
import type { LogEventRead, LogPage, LogQuery } from '../log-group.ts';
import type { Query } from './parse-query.ts';
import { type Row, rowOf } from './row.ts';

/** One row of a result: values by field, in the order of the columns. Fields without a value are left out. */
export type ResultRow = readonly { readonly field: string; readonly value: string }[];

/** What a query has read and found so far. */
export interface QueryProgress {
  results: ResultRow[];
  recordsMatched: number;
  recordsScanned: number;
  bytesScanned: number;
}

/** Where a query reads. Times are inclusive, milliseconds since the epoch. */
export interface QuerySource {
  readonly logGroupNames: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  /** As {@link LogStore.read}. */
  read(logGroupName: string, query: LogQuery): Promise<LogPage | undefined>;
  readonly accountId: string;
}

const PAGE = { limit: 10_000, limitBytes: 16 * 1024 * 1024 };
/** Rows that a query keeps for sorting or grouping. */
const MOST_KEPT = 1_000_000;

/** Runs a query and fills in `progress`. Ends early when `signal` aborts. Throws what reading throws. */
export async function runQuery(
  { steps, stats, compare, limit, shown }: Query,
  source: QuerySource,
  progress: QueryProgress,
  signal: AbortSignal,
): Promise<void> {
  const rows: { row: Row; timestampMs: number }[] = [];
  for (const logGroupName of source.logGroupNames) {
    let kept = 0;
    for await (const event of eventsOf(logGroupName, source)) {
      if (signal.aborted) return;
      progress.recordsScanned += 1;
      progress.bytesScanned += Buffer.byteLength(event.message);
      const row = rowOf(event, eventId(event.key), `${source.accountId}:${logGroupName}`);
      if (!steps.every((step) => step(row))) continue;
      progress.recordsMatched += 1;
      rows.push({ row, timestampMs: event.timestampMs });
      kept += 1;
      // The latest come first, so the rest of this group cannot be among them.
      if (stats === undefined && compare === undefined && kept >= limit) break;
      if (rows.length > MOST_KEPT) throw new Error(`The query matches more than ${MOST_KEPT} events. Narrow its time.`);
    }
  }
  if (stats !== undefined) {
    const groups = groupsOf(
      rows.map(({ row }) => row),
      stats,
    );
    if (compare !== undefined) groups.sort((a, b) => compare(a.row, b.row));
    progress.results = groups.slice(0, limit).map(({ row, columns }) => resultRow(row, shown ?? columns));
    return;
  }
  rows.sort((a, b) => compare?.(a.row, b.row) ?? b.timestampMs - a.timestampMs);
  progress.results = rows.slice(0, limit).map(({ row }) => resultRow(row, [...(shown ?? []), '@ptr']));
}

/** The events of a group, the latest first. */
async function* eventsOf(logGroupName: string, { startMs, endMs, read }: QuerySource): AsyncGenerator<LogEventRead> {
  let beyond: LogQuery['beyond'];
  for (;;) {
    const every = { hasStream: () => true, matches: () => true, isBackward: true, ...PAGE };
    const page = await read(logGroupName, { startMs, endMs, ...every, ...(beyond && { beyond }) });
    if (page === undefined) return;
    yield* page.events.toReversed();
    beyond = page.events[0]?.key;
    if (!page.hasMore || beyond === undefined) return;
  }
}

function groupsOf(
  rows: readonly Row[],
  { aggregates, keys }: NonNullable<Query['stats']>,
): { row: Row; columns: string[] }[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keys.map((key) => key.of(row) ?? null)));
  // Without keys there is one row, even of nothing.
  if (keys.length === 0 && groups.size === 0) groups.set('[]', []);
  return [...groups.values()].map((members) => {
    const values = new Map<string, string>();
    const [first] = members;
    for (const key of keys) {
      const value = first === undefined ? undefined : key.of(first);
      if (value !== undefined) values.set(key.name, value);
    }
    for (const aggregate of aggregates) {
      const value = aggregate.of(members);
      if (value !== undefined) values.set(aggregate.name, String(value));
    }
    return {
      row: { get: (field) => values.get(field), set: (field, value) => void values.set(field, value) },
      columns: [...keys, ...aggregates].map(({ name }) => name),
    };
  });
}

function resultRow(row: Row, fields: readonly string[]): ResultRow {
  return fields.flatMap((field) => {
    const value = row.get(field);
    return value === undefined ? [] : [{ field, value }];
  });
}
