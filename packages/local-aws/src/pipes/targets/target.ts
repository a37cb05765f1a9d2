import type { Json } from '@tweet-pipes/kit/json';

/** The target of a pipe. */
export interface Target {
  /**
   * Sends the elements: JSON texts, in order, at least one. Returns the target's answer, which may report partial
   * failures. Throws {@link DeliveryFailure}.
   */
  deliver(elements: readonly string[], signal: AbortSignal): Promise<Json | undefined>;
  /** Limit of one call. A longer enrichment answer fails the batch. */
  readonly maximumElements: number;
  readonly service: 'states' | 'firehose';
}
