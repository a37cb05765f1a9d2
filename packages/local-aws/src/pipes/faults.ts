import type { Batcher, BatchSteps } from './batcher.ts';

/**
 * Decorates the batching of one shard with injected faults: batches that end early, redeliveries, halves in the wrong
 * order.
 */
export type PipeFaults = (batcher: Batcher, pipeName: string, shardId: string) => BatchSteps;
