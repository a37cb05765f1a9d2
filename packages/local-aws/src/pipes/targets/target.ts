import type { Json } from '@tweet-pipes/kit/json';

/** Where a pipe ends. */
export interface Target {
  /**
   * Sends the elements (JSON texts, in order, at least one) and returns what the target answered, if it answers:
   * partial failures are read from it. Throws {@link DeliveryFailure}. Resolves only when everything is accepted.
   */
  deliver(elements: readonly string[], signal: AbortSignal): Promise<Json | undefined>;
  /** Elements that one call may carry; an enrichment that answers more fails the batch. */
  readonly maximumElements: number;
  readonly service: 'states' | 'firehose';
}
