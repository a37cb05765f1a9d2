import { eventIdOf, shardOf } from '@tweet-pipes/kit/position';
import * as z from 'zod';
import { askAthena } from '../lake/ask.ts';
import type { LakeConnection } from '../stack/connect.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Item, SentRecord } from './stores.ts';

/** What the tables of the lake hold (docs/lake.md). Columns that are NULL are left out. */
export interface Lake {
  /** The rows of `tweets_distinct` by id. */
  tweets: Map<string, Item>;
  /** The ids in `tweets_live`. */
  live: Set<string>;
  /** The rows of `deleted` by id and record, copies once. */
  deleted: Map<string, Item>;
  /** The reasons in `quarantine` by event id. */
  quarantine: Map<string, string>;
}

type Access = Pick<LakeConnection, 'clients' | 'lake'>;

const content = (createdAt: string) =>
  `id, text, ${createdAt}, lang, user_id, user_name, json_format(CAST(hashtags AS json)) AS hashtags`;
const createdAtText = 'CAST(created_at AS varchar) AS created_at';
const deletedColumns = `${content('created_at')}, record`;

/** Everything in the lake, by its views. For the local runtime, where that is little. */
export function readWholeLake(access: Access, terminal: Terminal): Promise<Lake> {
  return readLake(access, terminal, {
    tweets: `SELECT ${content(createdAtText)}, position, id IN (SELECT id FROM tweets_live) AS live FROM tweets_distinct`,
    deleted: `SELECT ${deletedColumns} FROM deleted`,
    quarantine: 'SELECT event_id, reason FROM quarantine',
  });
}

/**
 * What the lake holds of one run. It reads the hours of the run and the positions of its records, as the views do, but
 * not all hours as they do. `sinceMs` is a time before the first record, in epoch milliseconds.
 */
export function readLakeOfRun(
  access: Access,
  terminal: Terminal,
  sent: readonly SentRecord[],
  sinceMs: number,
): Promise<Lake> {
  const hours = `datehour BETWEEN '${hourOf(sinceMs - hourMs)}' AND '${hourOf(terminal.clock.now() + hourMs)}'`;
  const ranges = rangesOf(sent);
  const within = (column: string, textOf: (position: string) => string) =>
    `(${ranges.map(([first, last]) => `${column} BETWEEN '${textOf(first)}' AND '${textOf(last)}'`).join(' OR ')})`;
  const ofRun = `${hours} AND ${within('position', (position) => position)}`;
  return readLake(access, terminal, {
    tweets:
      `WITH copies AS (SELECT *, row_number() OVER (PARTITION BY id ORDER BY split_part(position, ':', 2)) AS copy` +
      ` FROM tweets WHERE kind = 'tweet' AND ${ofRun})` +
      ` SELECT ${content(createdAtText)}, position,` +
      ` id NOT IN (SELECT id FROM tweets WHERE kind = 'delete' AND ${ofRun}) AS live FROM copies WHERE copy = 1`,
    deleted: `SELECT ${deletedColumns} FROM deleted WHERE ${hours} AND ${within('record', (position) => position)}`,
    quarantine: `SELECT event_id, reason FROM quarantine WHERE ${within('event_id', eventIdOf)}`,
  });
}

interface Sql {
  tweets: string;
  deleted: string;
  quarantine: string;
}

/** One query after the other: each wants memory for itself. */
async function readLake(access: Access, terminal: Terminal, sql: Sql): Promise<Lake> {
  const lake: Lake = { tweets: new Map(), live: new Set(), deleted: new Map(), quarantine: new Map() };
  for (const { live, ...row } of await ask(access, terminal, sql.tweets)) {
    const item = itemOf(row);
    const id = String(item.id);
    lake.tweets.set(id, item);
    if (live === 'true') lake.live.add(id);
  }
  for (const row of await ask(access, terminal, sql.deleted)) {
    const item = itemOf(row);
    lake.deleted.set(deletedKey(String(item.id), String(item.record)), item);
  }
  for (const { event_id, reason } of await ask(access, terminal, sql.quarantine)) {
    lake.quarantine.set(String(event_id), String(reason));
  }
  return lake;
}

/** What identifies a row of `deleted`. */
export function deletedKey(id: string, record: string): string {
  return JSON.stringify([id, record]);
}

/** The rows of a query, as {@link askAthena} gives them. */
export function ask(
  { clients, lake }: Access,
  terminal: Terminal,
  sql: string,
): Promise<Record<string, string | null>[]> {
  return askAthena(clients, { workGroup: lake.WorkGroupName, database: lake.LakeDatabaseName }, terminal, sql);
}

const list = z.array(z.string());

function itemOf(row: Readonly<Record<string, string | null>>): Item {
  const entries = Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'hashtags' ? list.parse(JSON.parse(value)) : value]),
  );
}

const hourMs = 3_600_000;

/** `yyyy/MM/dd/HH` in UTC. */
function hourOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
}

/** The first and the last position of the run in each shard. */
function rangesOf(sent: readonly SentRecord[]): [first: string, last: string][] {
  const ranges = new Map<string, [string, string]>();
  for (const { position } of sent) {
    const [first, last] = ranges.get(shardOf(position)) ?? [position, position];
    ranges.set(shardOf(position), [position < first ? position : first, position > last ? position : last]);
  }
  return [...ranges.values()];
}
