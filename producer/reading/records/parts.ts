import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { tweetsOfPage } from './response-page.ts';

/**
 * The values that a value only wraps: pages of API v1.1, v2 and the premium search, maps by id, what X's archive,
 * Elasticsearch and elasticdump put around a tweet, JSON inside a text. Undefined if the value stands for itself. A
 * page without results has no parts.
 */
export function partsOf(value: Json): readonly Json[] | undefined {
  if (typeof value === 'string') return jsonIn(value);
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return undefined;
  const page = tweetsOfPage(value);
  if (page !== undefined) return page;
  const { statuses, results, tweets, tweet, hits, _source: source } = value;
  if (Array.isArray(statuses)) return statuses;
  if (Array.isArray(results)) return results;
  if (Array.isArray(tweets)) return tweets;
  if (isJsonObject(source)) return [source];
  if (isJsonObject(hits) && Array.isArray(hits.hits)) return hits.hits;
  if (isJsonObject(tweet) && value.id === undefined && value.id_str === undefined) return [tweet];
  return isMapById(value) ? Object.values(value).filter((member) => member !== undefined) : undefined;
}

/** Whether each member is an object under an id. */
function isMapById(value: JsonObject): boolean {
  let isEmpty = true;
  for (const name in value) {
    if (!/^\d+$/.test(name) || !isJsonObject(value[name])) return false;
    isEmpty = false;
  }
  return !isEmpty;
}

function jsonIn(text: string): Json[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return [value];
  } catch {
    return undefined;
  }
}
