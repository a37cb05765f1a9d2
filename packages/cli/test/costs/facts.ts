import type { StackFacts } from '../../src/costs/stack-facts.ts';

/** The facts of a stack with the default options. */
export const defaultFacts: StackFacts = {
  shards: 'on-demand',
  streamRetentionHours: 24,
  ingestBatchSize: 320,
  ingestBatchWindowSeconds: 1,
  tweetRetentionDays: 30,
  deletionRetentionDays: 90,
  logLevel: 'ALL',
  logRetentionDays: 30,
  archiveRetentionDays: 365,
  tableStreamPipes: 2,
  alarmMetrics: 57,
  dashboards: 1,
  keys: 1,
  catalogObjects: 0,
};
