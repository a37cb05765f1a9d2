import type { StreamRecord } from './sources/record.ts';

/**
 * Where a test can make a pipe behave as an at-least-once service may at any moment. Both hooks are optional and see one shard's batch.
 */
export interface PipeFaults {
  /** Asked before a batch is taken: deliver at most this many records, at least one. Cuts batches elsewhere than the limits would. */
  cutBatch?(pipeName: string, shardId: string): number;
  /** Asked after a batch is done and before its checkpoint: true delivers it once more, as a crash between the two would. */
  redeliver?(pipeName: string, shardId: string, batch: readonly StreamRecord[]): boolean;
}
