import middy from '@middy/core';

import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { readConfiguration } from './configuration.ts';
import { errorRowsMetric } from './error-rows-metric.ts';
import { flattenRemovals } from './flatten-removals.ts';

const configuration = readConfiguration(process.env);

/**
 * The enrichment of the archive pipes: takes DynamoDB REMOVE events, returns archive rows. An invalid environment fails
 * the cold start.
 */
export const handler = middy<Json, JsonObject[]>()
  .use(errorRowsMetric())
  .handler(async (events) => flattenRemovals(events, configuration));
