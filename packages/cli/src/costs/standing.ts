import { HOURS_PER_MONTH, SECONDS_PER_MONTH } from './month-length.ts';
import type { StandingItem } from './price-list.ts';
import type { StackFacts } from './stack-facts.ts';

/** Retention that is in the price of a shard. */
const INCLUDED_RETENTION_HOURS = 24;
/**
 * How often each shard of a table's stream is read while nothing comes. Lambda reads that often; of Pipes nothing is
 * documented (recalled). https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
const POLLS_PER_SECOND = 4;

/**
 * What a stack costs in a month of 730 hours without any record: stream, polling, alarms, dashboards, keys, catalog. Each table
 * counts with one shard.
 */
export function standingFor({
  shards,
  streamRetentionHours,
  tableStreamPipes,
  alarmMetrics,
  dashboards,
  keys,
  catalogObjects,
}: Omit<StackFacts, `${string}Days` | `ingest${string}` | 'logLevel'>): Record<StandingItem, number> {
  const provisioned = shards === 'on-demand' ? 0 : shards;
  return {
    onDemandStreamHours: shards === 'on-demand' ? HOURS_PER_MONTH : 0,
    shardHours: provisioned * HOURS_PER_MONTH,
    extendedRetentionShardHours: streamRetentionHours > INCLUDED_RETENTION_HOURS ? provisioned * HOURS_PER_MONTH : 0,
    tableStreamPolls: tableStreamPipes * POLLS_PER_SECOND * SECONDS_PER_MONTH,
    alarmMetricMonths: alarmMetrics,
    dashboardMonths: dashboards,
    keyMonths: keys,
    catalogObjectMonths: catalogObjects,
  };
}
