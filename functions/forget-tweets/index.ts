import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';

import { systemClock } from '@tweet-pipes/kit/clock';
import type { ForgettingReport } from '@tweet-pipes/kit/forgetting/report';
import { S3ObjectStore } from '@tweet-pipes/kit/forgetting/s3-object-store';
import { TombstoneTable } from '@tweet-pipes/kit/forgetting/tombstones';
import { readConfiguration } from './configuration.ts';
import { forgetTweets } from './forget-tweets.ts';

const { deletionTable, buckets, archiveContent } = readConfiguration(process.env);
const forgetting = {
  objects: new S3ObjectStore(new S3Client()),
  tombstones: new TombstoneTable(new DynamoDBClient(), deletionTable),
  buckets,
  archiveContent,
  clock: systemClock,
};

/**
 * The scheduled job that removes what deleted tweets left. It takes no input. An invalid environment fails the cold
 * start.
 */
export const handler = middy<unknown, ForgettingReport>().handler((_, context) =>
  forgetTweets(forgetting, {
    functionName: context.functionName,
    leftMs: context.getRemainingTimeInMillis(),
    // Not console.log, which puts a timestamp in front of each line on Lambda.
    print: (line) => void process.stdout.write(`${line}\n`),
  }),
);
