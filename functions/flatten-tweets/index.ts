import middy from '@middy/core';

import { failureLine } from './failure-line.ts';
import { flattenTweets } from './flatten-tweets.ts';
import type { TransformationResult } from './transformation-event.ts';

/** The transformation of the lake's delivery stream: takes records of the stream of tweets, returns rows. */
export const handler = middy<unknown, TransformationResult>().handler(async (event, { functionName }) => {
  const { records, failed } = flattenTweets(event);
  // Not console.log, which puts a timestamp in front of each line on Lambda.
  if (failed.length > 0) process.stdout.write(`${failureLine(failed, functionName, Date.now())}\n`);
  return { records };
});
