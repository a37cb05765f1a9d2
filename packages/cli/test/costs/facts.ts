import type { AppFacts, PipelineFacts, StackFacts } from '../../src/costs/stack-facts.ts';

/** The facts of a stack that holds nothing. */
export const emptyStack: StackFacts = {
  streams: [],
  deliveries: [],
  logRetentionDays: 0,
  objectRetentionDays: 0,
  tableStreamPipes: 0,
  alarmMetrics: 0,
  dashboards: 0,
  keys: 0,
  catalogObjects: 0,
  interfaceEndpoints: 0,
  notebookVolumeBytes: 0,
};

/** The facts of the core with the default options but these. */
export function coreFacts(changed: Partial<PipelineFacts> = {}): AppFacts {
  const pipeline: PipelineFacts = {
    stream: { shards: 'on-demand', retentionHours: 24 },
    ingestBatchSize: 320,
    counterItems: 1,
    ingestBatchWindowSeconds: 1,
    tweetRetentionDays: 30,
    deletionRetentionDays: 90,
    logLevel: 'ALL',
    ...changed,
  };
  const core: StackFacts = {
    ...emptyStack,
    streams: [pipeline.stream],
    logRetentionDays: 30,
    objectRetentionDays: 365,
    tableStreamPipes: 2,
    alarmMetrics: 57,
    dashboards: 1,
    keys: 1,
  };
  return { core: 'Core', pipeline, stacks: { Core: core } };
}
