import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';

import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { changesOfMinute } from './changes-of-minute.ts';
import { readConfiguration } from './configuration.ts';
import { minuteOf } from './minute-of.ts';
import { writeChanges } from './write-changes.ts';

const { tableName, changesPerMinute } = readConfiguration(process.env);
const client = new DynamoDBClient();

/**
 * The scheduled job that writes changes of orders: those of the minute in `scheduledTime` of its input, else of this
 * minute. It gives their number back. An invalid environment fails the cold start.
 */
export const handler = middy<unknown, { changes: number }>().handler(async (event) => {
  const changes = changesOfMinute(minuteOf(event, systemClock.now()), changesPerMinute);
  await writeChanges(changes, { client, tableName, clock: systemClock, random: systemRandom });
  return { changes: changes.length };
});
