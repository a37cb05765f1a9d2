import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';

/** A synchronous step between source and target. */
export interface Enrichment {
  /** Sends the JSON array and returns the answer. Rejects with `DeliveryFailure`. */
  invoke(payload: string, signal: AbortSignal): Promise<Json>;
  /** The called API, for the log. */
  readonly service: 'lambda' | 'states';
}

/**
 * The elements for the target. Undefined when the answer is empty ('', {}, [], null), which skips the target. A single
 * value counts as a list of one. `[{}]` sends an empty item
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html).
 */
export function enrichedElements(answer: Json): readonly Json[] | undefined {
  if (answer === null || answer === '') return undefined;
  if (Array.isArray(answer)) return answer.length === 0 ? undefined : answer;
  if (isJsonObject(answer) && Object.keys(answer).length === 0) return undefined;
  return [answer];
}
