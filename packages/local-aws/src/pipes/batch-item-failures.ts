import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';

/**
 * The event ids of the failed records in a target's answer. `all`: an identifier is missing, empty, null or unknown, so
 * the whole batch counts as failed. An answer that is absent, null, '', [] or {}, or lists no failure, is a success.
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html, and recorded
 * event source mappings.
 */
export function batchItemFailures(answer: Json | undefined, eventIds: readonly string[]): ReadonlySet<string> | 'all' {
  if (!isJsonObject(answer)) return new Set();
  const failures = answer.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const known = new Set(eventIds);
  const failed = new Set<string>();
  for (const failure of failures) {
    const id = isJsonObject(failure) ? failure.itemIdentifier : undefined;
    if (typeof id !== 'string' || !known.has(id)) return 'all';
    failed.add(id);
  }
  return failed.size === known.size && known.size > 0 ? 'all' : failed;
}
