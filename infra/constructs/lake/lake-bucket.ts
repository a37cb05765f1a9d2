import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { DataBucket } from '../data-bucket.ts';

/** The folders of the lake's bucket. Each ends in `/`. */
export const lakePrefixes = {
  /** Rows of tweets and delete notices, by hour. */
  tweets: 'tweets/',
  /** Rows of sentiment, by hour. */
  sentiment: 'sentiment/',
  /** Records that Firehose could not deliver, by the kind of error and the hour. */
  errors: 'errors/',
  /** What is still counted of forgotten tweets. */
  forgotten: 'forgotten/',
  /** How far forgetting is. */
  forgetting: 'forgetting/',
  /** Results of Athena's queries. */
  queryResults: 'query-results/',
} as const;

/** The id of the request metric of what is put under `errors/` (docs/adr/0004). */
export const lakeErrorMetricId = 'LakeErrors';

/** The bucket of the lake. */
export class LakeBucket extends DataBucket {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      config,
      retentionDays: [
        [lakePrefixes.tweets, config.lakeRetentionDays],
        [lakePrefixes.sentiment, config.lakeRetentionDays],
        [lakePrefixes.errors, config.quarantineRetentionDays],
        [lakePrefixes.queryResults, config.queryResultRetentionDays],
      ],
      metrics: [{ id: lakeErrorMetricId, prefix: lakePrefixes.errors }],
      writers: 'the roles of this stack and Athena',
    });
  }
}
