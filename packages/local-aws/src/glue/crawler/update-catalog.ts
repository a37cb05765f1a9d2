import { createHash } from 'node:crypto';
import { type CatalogDatabase, type CatalogTable, partitionKey } from '../catalog.ts';
import type { TableInput } from '../shapes.ts';
import type { CrawlerDefinition } from './definition.ts';
import type { FoundTable } from './find-tables.ts';
import { CRAWLER_PARAMETER, partitionInputOf, tableInputOf } from './table-input.ts';

/** What a target holds. */
export interface CrawledTarget {
  /** `s3://bucket/folder/`, with `/` at its end. */
  location: string;
  tables: readonly FoundTable[];
}

/** How many tables a crawl changed. */
export interface CatalogChanges {
  created: number;
  updated: number;
  deleted: number;
}

const DEPRECATED = 'DEPRECATED_BY_CRAWLER';

/** Called before each change of the catalog with the action of Glue's API. Throws if it is denied. */
export type Demand = (action: string, table?: string) => void;

/** A crawl that has ended. */
export interface Crawled {
  readonly crawler: CrawlerDefinition;
  readonly targets: readonly CrawledTarget[];
  readonly demand: Demand;
  readonly nowMs: number;
}

/**
 * Writes what a crawler found into the database of the catalog, as its policy for changes says. Throws what `demand`
 * throws; the changes before it stay, as on AWS.
 */
export function updateCatalog(database: CatalogDatabase, crawled: Crawled): CatalogChanges {
  const { crawler, targets, demand, nowMs } = crawled;
  const changes: CatalogChanges = { created: 0, updated: 0, deleted: 0 };
  const seen = new Set<string>();
  for (const target of targets) {
    for (const found of target.tables) {
      const name = tableName(database, crawler, target.location + found.root);
      seen.add(name);
      const input = tableInputOf(found, { name, location: target.location, crawler: crawler.Name });
      const known = database.tables.get(name);
      demand(known === undefined ? 'CreateTable' : 'GetTable', name);
      if (known !== undefined && crawler.SchemaChangePolicy.UpdateBehavior === 'UPDATE_IN_DATABASE') {
        demand('UpdateTable', name);
      }
      if (found.partitionKeys.length > 0) demand('BatchCreatePartition', name);
      if (known === undefined) {
        const table = { input, createdMs: nowMs, updatedMs: nowMs, version: 0, partitions: new Map() };
        database.tables.set(name, table);
        changePartitions(table, crawler, target, found, nowMs);
        changes.created += 1;
      } else if (updateTable(known, crawler, target, found, input, nowMs)) changes.updated += 1;
    }
  }
  for (const [name, table] of database.tables) {
    if (table.input.Parameters?.[CRAWLER_PARAMETER] !== crawler.Name || seen.has(name)) continue;
    if (crawler.SchemaChangePolicy.DeleteBehavior === 'DELETE_FROM_DATABASE') demand('DeleteTable', name);
    if (isGone(database.tables, name, table, crawler, nowMs)) changes.deleted += 1;
  }
  return changes;
}

/** Returns whether something changed. A table whose partition keys are others cannot be changed, and stays. */
function updateTable(
  known: CatalogTable,
  crawler: CrawlerDefinition,
  target: CrawledTarget,
  found: FoundTable,
  input: TableInput,
  nowMs: number,
): boolean {
  const keysOf = ({ PartitionKeys = [] }: TableInput) => PartitionKeys.map(({ Name }) => Name).join('\n');
  if (keysOf(known.input) !== keysOf(input)) return false;
  let isChanged = false;
  if (crawler.SchemaChangePolicy.UpdateBehavior === 'UPDATE_IN_DATABASE') {
    const columnsOf = ({ StorageDescriptor }: TableInput) => JSON.stringify(StorageDescriptor?.Columns);
    isChanged = columnsOf(known.input) !== columnsOf(input);
    // The facts on files change at each crawl, which is no other version of the table.
    Object.assign(known, { input }, isChanged && { updatedMs: nowMs, version: known.version + 1 });
  }
  return changePartitions(known, crawler, target, found, nowMs) || isChanged;
}

function changePartitions(
  table: CatalogTable,
  { SchemaChangePolicy: policy }: CrawlerDefinition,
  { location }: CrawledTarget,
  found: FoundTable,
  nowMs: number,
): boolean {
  if (found.partitionKeys.length === 0) return false;
  let isChanged = false;
  const seen = new Set<string>();
  for (const partition of found.partitions) {
    const key = partitionKey(partition.values);
    seen.add(key);
    const input = partitionInputOf(partition, location);
    const known = table.partitions.get(key);
    if (known === undefined) table.partitions.set(key, { input, createdMs: nowMs });
    else if (policy.UpdateBehavior === 'LOG' || JSON.stringify(known.input) === JSON.stringify(input)) continue;
    else known.input = input;
    isChanged = true;
  }
  for (const [key, { input }] of table.partitions) {
    if (seen.has(key)) continue;
    if (policy.DeleteBehavior === 'DELETE_FROM_DATABASE') table.partitions.delete(key);
    else if (policy.DeleteBehavior === 'DEPRECATE_IN_DATABASE' && input.Parameters?.[DEPRECATED] === undefined) {
      input.Parameters = { ...input.Parameters, [DEPRECATED]: String(nowMs) };
    } else continue;
    isChanged = true;
  }
  return isChanged;
}

/** Does with a table whose files are gone what the policy says. Returns whether it left the catalog. */
function isGone(
  tables: Map<string, CatalogTable>,
  name: string,
  table: CatalogTable,
  { SchemaChangePolicy: { DeleteBehavior } }: CrawlerDefinition,
  nowMs: number,
): boolean {
  switch (DeleteBehavior) {
    case 'LOG':
      return false;
    case 'DELETE_FROM_DATABASE':
      return tables.delete(name);
    case 'DEPRECATE_IN_DATABASE':
      table.input.Parameters = { [DEPRECATED]: String(nowMs), ...table.input.Parameters };
      return false;
  }
}

/** The name of a table: its folder's or bucket's. Where another table has it, a hash of the location follows. */
function tableName(database: CatalogDatabase, { TablePrefix = '' }: CrawlerDefinition, location: string): string {
  const last = location.replace(/\/$/, '').split('/').at(-1) ?? '';
  const name = TablePrefix + last.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  const known = database.tables.get(name)?.input.StorageDescriptor?.Location;
  if (known === undefined ? !database.tables.has(name) : withSlash(known) === withSlash(location)) return name;
  return `${name}_${createHash('md5').update(location).digest('hex')}`;
}

function withSlash(location: string): string {
  return location.replace(/\/?$/, '/');
}
