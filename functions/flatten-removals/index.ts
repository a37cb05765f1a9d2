import middy from '@middy/core';

import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { archiveMetrics } from './archive-metrics.ts';
import { readConfiguration } from './configuration.ts';
import { flattenRemovals } from './flatten-removals.ts';

const configuration = readConfiguration(process.env);

/**
 * The enrichment of the archive pipes: takes DynamoDB REMOVE events, returns archive rows. An invalid environment fails
 * the cold start.
 */
export const handler = middy<Json, JsonObject[]>()
  .use(archiveMetrics())
  .handler(async (events) => flattenRemovals(events, configuration));
