import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/**
 * A value of MongoDB's extended JSON, as mongoexport writes it, as plain JSON: numbers as their digits, dates as ISO
 * 8601 in UTC. https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
 */
export function fromExtendedJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(fromExtendedJson);
  if (!isJsonObject(value) || JSON.isRawJSON(value)) return value;
  const [[name, inner] = [], ...others] = Object.entries(value);
  if (others.length === 0 && name !== undefined && inner !== undefined) {
    const plain = plainValue(name, inner);
    if (plain !== undefined) return plain;
  }
  const members: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members[key] = fromExtendedJson(member);
  }
  return members;
}

function plainValue(name: string, inner: Json): Json | undefined {
  switch (name) {
    case '$oid':
    case '$numberDouble':
    case '$numberDecimal':
    case '$numberInt':
    case '$numberLong':
      return typeof inner === 'string' ? inner : undefined;
    case '$date': {
      const time = typeof inner === 'string' ? inner : Number(isJsonObject(inner) ? inner.$numberLong : inner);
      const date = new Date(time);
      return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
    }
    default:
      return undefined;
  }
}
