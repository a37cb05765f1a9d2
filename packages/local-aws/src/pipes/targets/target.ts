import type { Json } from '@tweet-pipes/kit/json';

/** One element of a batch for a target. */
export interface TargetElement {
  /** JSON text: the element after the target's template. */
  readonly text: string;
  /** The element before the template, which paths in the target's parameters read. */
  readonly event: Json;
}

/** The target of a pipe. */
export interface Target {
  /**
   * Sends the elements, in order, at least one. Returns the target's answer, which may report partial failures. Throws
   * {@link DeliveryFailure}.
   */
  deliver(elements: readonly TargetElement[], signal: AbortSignal): Promise<Json | undefined>;
  /** Limit of one batch. A longer enrichment answer fails the batch. */
  readonly maximumElements: number;
  readonly service: 'states' | 'firehose' | 'kinesis' | 'sqs';
}
