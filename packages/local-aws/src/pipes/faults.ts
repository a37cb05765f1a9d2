import type { StreamRecord } from './sources/record.ts';

/**
 * Where a pipe can be made to behave as an at-least-once service may at any moment. All hooks are optional and see one
 * shard's batch.
 */
export interface PipeFaults {
  /**
   * Asked before a batch is taken of `waiting` records, as many as the limits allow: deliver at most so many, at least
   * one. Cuts batches elsewhere than the limits would.
   */
  cutBatch?(pipeName: string, shardId: string, waiting: number): number;
  /**
   * Asked after a batch is done and before its checkpoint: true delivers it once more, perhaps cut elsewhere and with
   * records that follow it, as a crash between the two would.
   */
  redeliver?(pipeName: string, shardId: string, batch: readonly StreamRecord[]): boolean;
  /** Asked when a failed batch is halved: true delivers the second half first, which breaks the order of the shard. */
  swapHalves?(pipeName: string, shardId: string): boolean;
}
