import type { JsonObject } from '@tweet-pipes/kit/json';
import { flattenTweet } from '../../../functions/flatten-tweets/flatten-tweet.ts';
import { type Transformed, transformRecords } from '../../../functions/transformation/transform-records.ts';
import { transformationOf } from '../transformation.ts';

/** Flattens records that are one batch. */
export function flatten(...records: readonly JsonObject[]): Transformed {
  return transformRecords(transformationOf(records), flattenTweet);
}
