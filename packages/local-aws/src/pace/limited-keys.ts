import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { Call, Intercept, WireResponse } from '../gateway/wire.ts';
import { consumedUnits, forwardMeasured } from './consumed-capacity.ts';
import type { Admission, ItemBuckets } from './item-buckets.ts';
import type { TableKeys } from './table-keys.ts';
import { answer, throttledBatch } from './throttles.ts';

/**
 * Answers a BatchGetItem. Keys of throttled items are left unprocessed; a call whose items are all throttled is
 * refused.
 */
export async function limitedKeys(
  call: Call,
  forward: Parameters<Intercept>[1],
  input: JsonObject,
  { reads, keys, onThrottle }: { reads: ItemBuckets; keys: TableKeys; onThrottle(items: number): void },
): Promise<WireResponse> {
  const left: JsonObject = {};
  const sent: JsonObject = {};
  const admissions = new Map<string, Admission[]>();
  let throttled = 0;
  for (const [table, part] of Object.entries(isJsonObject(input.RequestItems) ? input.RequestItems : {})) {
    if (!isJsonObject(part) || !Array.isArray(part.Keys)) return forward();
    const admitted: Json[] = [];
    const refused: Json[] = [];
    for (const key of part.Keys) {
      const item = keys.item(table, key);
      const admission = item === undefined ? undefined : reads.admit(item);
      if (admission !== undefined) admissions.set(table, [...(admissions.get(table) ?? []), admission]);
      (item === undefined || admission !== undefined ? admitted : refused).push(key);
    }
    throttled += refused.length;
    if (refused.length > 0) left[table] = { ...part, Keys: refused };
    if (admitted.length > 0) sent[table] = { ...part, Keys: admitted };
  }
  if (throttled > 0) onThrottle(throttled);
  if (Object.keys(sent).length === 0 && throttled > 0) return throttledBatch(call);
  const { response, output, capacity } = await forwardMeasured(call.request, { ...input, RequestItems: sent }, forward);
  for (const [table, made] of admissions) {
    const units = consumedUnits(capacity, table);
    for (const admission of made) reads.settle(admission, units === undefined ? undefined : units / made.length);
  }
  if (throttled === 0 || output === undefined || response.statusCode !== 200) return response;
  const unprocessed = isJsonObject(output.UnprocessedKeys) ? output.UnprocessedKeys : {};
  return answer(call, 200, { ...output, UnprocessedKeys: joined(unprocessed, left) });
}

function joined(theirs: JsonObject, ours: JsonObject): JsonObject {
  const all: JsonObject = { ...theirs };
  for (const [table, part] of Object.entries(ours)) {
    const there = all[table];
    const before = isJsonObject(there) && Array.isArray(there.Keys) ? there.Keys : [];
    all[table] = isJsonObject(part) && Array.isArray(part.Keys) ? { ...part, Keys: [...before, ...part.Keys] } : part;
  }
  return all;
}
