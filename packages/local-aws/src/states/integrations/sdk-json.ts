import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/**
 * An SDK answer as Step Functions returns it: timestamps in ISO 8601, bytes in base64, no undefined members, no
 * `$metadata`.
 */
export function sdkAnswer(answer: object): JsonObject {
  const { $metadata: _, ...members } = answer as Record<string, unknown>;
  return toJsonObject(members);
}

function toJsonObject(object: object): JsonObject {
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(object)) {
    if (member !== undefined) members.push([key, toJson(member)]);
  }
  return Object.fromEntries(members);
}

function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' ? toJsonObject(value) : null;
}
