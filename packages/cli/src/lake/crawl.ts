import {
  type Crawler,
  GetCrawlerCommand,
  type GlueClient,
  paginateGetPartitions,
  paginateGetTables,
  StartCrawlerCommand,
  type Table,
} from '@aws-sdk/client-glue';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { printable, type Terminal } from '../terminal/terminal.ts';
import { watch } from './watch.ts';

/** What a crawl did to a table of the crawler. */
export interface CrawledTable {
  name: string;
  isNew: boolean;
  /** `name type`, of columns that are new or have another type now. */
  columns: string[];
  /** Partitions that are new, as their values. */
  newPartitions: string[][];
  partitions: number;
}

/** Starts the crawler. False if it runs already. */
export async function startCrawl(glue: GlueClient, crawler: string): Promise<boolean> {
  try {
    await glue.send(new StartCrawlerCommand({ Name: crawler }));
    return true;
  } catch (error) {
    if (isNamed(error, 'CrawlerRunningException')) return false;
    throw error;
  }
}

/**
 * Waits until the crawler is done, with a progress line. False when the signal aborts before: the crawl goes on. Throws
 * CliError with exit code 2 when the crawl failed.
 */
export async function waitForCrawl(
  glue: GlueClient,
  crawler: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const isOver = ({ State }: Crawler) => State === 'READY';
  const seen = await watch(
    terminal,
    {
      label: `${crawler} works:`,
      look: async () => (await glue.send(new GetCrawlerCommand({ Name: crawler }))).Crawler ?? {},
      isOver,
      note: ({ State }) => (State === 'STOPPING' ? ', about to end' : ''),
    },
    signal,
  );
  if (!isOver(seen)) return false;
  const { Status, ErrorMessage = 'Glue gives no reason.', LogGroup, LogStream } = seen.LastCrawl ?? {};
  if (Status === 'SUCCEEDED') return true;
  const log = LogGroup === undefined ? '' : ` Its log is ${LogGroup}, ${LogStream}.`;
  throw new CliError(
    `The crawl ${Status === 'CANCELLED' ? 'was stopped' : 'failed'}: ${printable(ErrorMessage)}${log}`,
    {
      exitCode: 2,
    },
  );
}

/** A table of the crawler as it is now. */
export interface TableState {
  columns: ReadonlyMap<string, string>;
  /** JSON of their values. */
  partitions: ReadonlySet<string>;
}

/** The tables of the crawler, by name. */
export async function crawledTables(glue: GlueClient, crawler: string): Promise<Map<string, TableState>> {
  const { Crawler: found } = await glue.send(new GetCrawlerCommand({ Name: crawler }));
  const { DatabaseName, TablePrefix = '' } = found ?? {};
  const tables = new Map<string, TableState>();
  for await (const { TableList = [] } of paginateGetTables({ client: glue }, { DatabaseName })) {
    for (const table of TableList) {
      if (table.Name?.startsWith(TablePrefix)) tables.set(table.Name, await stateOf(glue, table));
    }
  }
  return tables;
}

async function stateOf(glue: GlueClient, table: Table): Promise<TableState> {
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const partitions = new Set<string>();
  const request = { DatabaseName: table.DatabaseName, TableName: table.Name, ExcludeColumnSchema: true };
  for await (const { Partitions = [] } of paginateGetPartitions({ client: glue }, request)) {
    for (const { Values = [] } of Partitions) partitions.add(JSON.stringify(Values));
  }
  return { columns: new Map(columns.map(({ Name = '', Type = '' }) => [Name, Type])), partitions };
}

/** What is different after a crawl: tables that are new or changed, by name. */
export function crawlChanges(
  before: ReadonlyMap<string, TableState>,
  after: ReadonlyMap<string, TableState>,
): CrawledTable[] {
  const changes: CrawledTable[] = [];
  for (const [name, { columns, partitions }] of after) {
    const known = before.get(name);
    const newColumns = [...columns].filter(([column, type]) => known?.columns.get(column) !== type);
    const newPartitions = [...partitions].filter((values) => known?.partitions.has(values) !== true);
    if (known !== undefined && newColumns.length === 0 && newPartitions.length === 0) continue;
    changes.push({
      name,
      isNew: known === undefined,
      columns: newColumns.map(([column, type]) => `${column} ${type}`),
      newPartitions: newPartitions.sort().map((values) => JSON.parse(values)),
      partitions: partitions.size,
    });
  }
  return changes.sort((a, b) => (a.name < b.name ? -1 : 1));
}
