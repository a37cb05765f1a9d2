import type { QueryExecution } from '@aws-sdk/client-athena';
import { parseCounterKey } from '@tweet-pipes/kit/counter-key';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { AthenaConnection } from '../stack/connect.ts';
import { readStackOutputs } from '../stack/outputs.ts';
import { scan } from '../tables/scan.ts';
import { Progress } from '../terminal/progress.ts';
import { readUnits, type Terminal } from '../terminal/terminal.ts';
import { openResult, type QueryResult } from './result.ts';
import { type QueryRequest, runQuery } from './run-query.ts';

/** A hashtag whose counter is not what the lake says; 0 where there is no counter, or no tweet. */
export interface AuditDifference {
  hashtag: string;
  counter: number;
  lake: number;
}

/** What the audit found. */
export interface AuditReport {
  /** By hashtag. */
  differences: AuditDifference[];
  /** Hashtags that have a counter, or a tweet in the lake. */
  hashtags: number;
  execution: QueryExecution;
}

/**
 * Runs the named query that says what each counter must be, and compares its rows with the table of counters. Memory
 * grows with the number of hashtags. Throws CliError when the query fails or there is no table, else the SDK's error.
 */
export async function auditLake(
  { clients, coreStack }: Pick<AthenaConnection, 'clients' | 'coreStack'>,
  request: QueryRequest,
  terminal: Terminal,
): Promise<AuditReport> {
  const { HashtagTableName } = await readStackOutputs(clients, coreStack);
  const { athena } = await clients.lake();
  const finished = await runQuery(athena, request, terminal, terminal.interruptible());
  const uncounted = await tweetsByHashtag(await openResult(athena, finished));

  const differences: AuditDifference[] = [];
  const counters = new Map<string, number>();
  const cost = { items: 0, readUnits: 0 };
  const progress = new Progress(terminal, 'counters read:');
  try {
    for await (const items of scan(clients, HashtagTableName, ['hashtag', 'htCount'], cost)) {
      for (const { hashtag: { S: key = '' } = {}, htCount } of items) {
        const { hashtag } = parseCounterKey(key);
        counters.set(hashtag, (counters.get(hashtag) ?? 0) + Number(htCount?.N ?? 0));
      }
      progress.update(cost.items, readUnits(cost.readUnits));
    }
  } finally {
    progress.stop();
  }
  for (const [hashtag, counter] of counters) {
    const lake = uncounted.get(hashtag) ?? 0;
    uncounted.delete(hashtag);
    if (counter !== lake) differences.push({ hashtag, counter, lake });
  }
  for (const [hashtag, lake] of uncounted) differences.push({ hashtag, counter: 0, lake });
  differences.sort((a, b) => (a.hashtag < b.hashtag ? -1 : 1));
  return { differences, hashtags: counters.size + uncounted.size, execution: finished.execution };
}

/** The differences as a result to print. */
export function auditResult({ differences }: AuditReport): QueryResult {
  async function* rows() {
    for (const { hashtag, counter, lake } of differences) yield [hashtag, String(counter), String(lake)];
  }
  return {
    columns: [
      { name: 'hashtag', type: 'varchar' },
      { name: 'counter', type: 'bigint' },
      { name: 'lake', type: 'bigint' },
    ],
    rows: rows(),
  };
}

/** What the differences are, in sentences. */
export function auditSentences({ differences, hashtags }: AuditReport): string[] {
  if (differences.length === 0) return [`${plural(hashtags, 'hashtag')}: every counter is what the lake says.`];
  const higher = differences.filter(({ counter, lake }) => counter > lake).length;
  const lower = differences.length - higher;
  return [
    `${plural(hashtags, 'hashtag')}, ${thousands(differences.length)} differ: ${plural(higher, 'counter')} above the lake, ${thousands(lower)} below.`,
    ...(higher > 0 ? above : []),
    ...(lower > 0 ? below : []),
    'If it lasts, see docs/lake.md, "Audit".',
  ];
}

const above = [
  'Above, while records are under way: Firehose keeps rows back until its buffer is full or old. Ask again once nothing',
  'was sent for as long as lakeBufferSeconds.',
];
const below = [
  'Below, while the ingest pipe is behind or stopped: `npx tweet-pipes status` says whether it is, and what to do.',
];

async function tweetsByHashtag({ columns, rows }: QueryResult): Promise<Map<string, number>> {
  const [hashtag, tweets] = ['hashtag', 'tweets'].map((name) => columns.findIndex((column) => column.name === name));
  const counts = new Map<string, number>();
  for await (const row of rows) counts.set(row[hashtag ?? -1] ?? '', Number(row[tweets ?? -1] ?? 0));
  return counts;
}
