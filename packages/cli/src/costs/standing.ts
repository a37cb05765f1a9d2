import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { z } from 'zod';
import type { Config } from '../../../../infra/config.ts';
import { HOURS_PER_MONTH, SECONDS_PER_MONTH } from './month-length.ts';
import type { StandingItem } from './price-list.ts';

/** Retention that is in the price of a shard. */
const INCLUDED_RETENTION_HOURS = 24;
/**
 * How often each shard of a table's stream is read while nothing comes. Lambda reads that often; of Pipes nothing is
 * documented (recalled). https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
const POLLS_PER_SECOND = 4;

const pipe = z.looseObject({
  SourceParameters: z.looseObject({ DynamoDBStreamParameters: z.unknown().optional() }).optional(),
});

/**
 * What a stack costs in a month of 730 hours while nothing happens, as its template has it: stream, polling, alarms,
 * keys. Each table counts with one shard.
 */
export function standingFor(
  { Resources }: Template,
  { shards, streamRetentionHours }: Pick<Config, 'shards' | 'streamRetentionHours'>,
): Record<StandingItem, number> {
  const resources = Object.values(Resources);
  const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
  const tableStreams = resources.filter(
    ({ Type, Properties }) =>
      Type === 'AWS::Pipes::Pipe' && pipe.parse(Properties).SourceParameters?.DynamoDBStreamParameters !== undefined,
  ).length;
  const provisioned = shards === 'on-demand' ? 0 : shards;
  return {
    onDemandStreamHours: shards === 'on-demand' ? HOURS_PER_MONTH : 0,
    shardHours: provisioned * HOURS_PER_MONTH,
    extendedRetentionShardHours: streamRetentionHours > INCLUDED_RETENTION_HOURS ? provisioned * HOURS_PER_MONTH : 0,
    tableStreamPolls: tableStreams * POLLS_PER_SECOND * SECONDS_PER_MONTH,
    alarmMonths: count('AWS::CloudWatch::Alarm'),
    keyMonths: count('AWS::KMS::Key'),
  };
}
