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
 * What a stack costs in a month of 730 hours without any record: streams, polling, alarms, dashboards, keys, catalog,
 * endpoints and volumes of notebook instances, which are taken to be stopped.
 * Each table counts with one shard.
 */
export function standingFor({
  streams,
  tableStreamPipes,
  alarmMetrics,
  dashboards,
  keys,
  catalogObjects,
  interfaceEndpoints,
  notebookVolumeBytes,
}: StackFacts): Record<StandingItem, number> {
  const provisioned = streams.flatMap(({ shards, retentionHours }) =>
    shards === 'on-demand' ? [] : [{ shards, isExtended: retentionHours > INCLUDED_RETENTION_HOURS }],
  );
  const hours = (counted: readonly { shards: number }[]) =>
    counted.reduce((sum, { shards }) => sum + shards, 0) * HOURS_PER_MONTH;
  return {
    onDemandStreamHours: (streams.length - provisioned.length) * HOURS_PER_MONTH,
    shardHours: hours(provisioned),
    extendedRetentionShardHours: hours(provisioned.filter(({ isExtended }) => isExtended)),
    tableStreamPolls: tableStreamPipes * POLLS_PER_SECOND * SECONDS_PER_MONTH,
    alarmMetricMonths: alarmMetrics,
    dashboardMonths: dashboards,
    keyMonths: keys,
    catalogObjectMonths: catalogObjects,
    interfaceEndpointHours: interfaceEndpoints * HOURS_PER_MONTH,
    notebookVolumeByteMonths: notebookVolumeBytes,
  };
}
