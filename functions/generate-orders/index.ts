import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';

import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { readConfiguration } from './configuration.ts';
import { minuteOf } from './minute-of.ts';
import { putChange } from './put-change.ts';
import { writeMinute } from './write-minute.ts';

const { tableName, changesPerMinute } = readConfiguration(process.env);
const client = new DynamoDBClient();

/**
 * The scheduled job that writes changes of orders: those of the minute in `scheduledTime` of its input, else of this
 * minute. It gives back how many it wrote. An invalid environment fails the cold start.
 */
export const handler = middy<unknown, { changes: number }>().handler(async (event) => {
  const changes = await writeMinute({
    atMs: minuteOf(event, systemClock.now()),
    changesPerMinute,
    put: (change) => putChange(client, tableName, change),
    clock: systemClock,
    random: systemRandom,
  });
  return { changes };
});
