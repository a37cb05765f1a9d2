import type { ITable } from 'aws-cdk-lib/aws-dynamodb';

import type { Config } from '../../config.ts';
import type { TweetSentiment } from '../sentiment/tweet-sentiment.ts';
import { type AlarmDefinition, persistent } from './alarm-definition.ts';
import { pipeAlarms } from './pipe-alarms.ts';
import { sentimentSignals } from './pipe-signals.ts';
import { rowDeliveryAlarms } from './row-delivery-alarms.ts';

/** The alarms of the way from the table of tweets to the rows of sentiment. */
export function sentimentAlarms(
  sentiment: TweetSentiment,
  tweets: ITable,
  { lakeBufferSeconds }: Pick<Config, 'lakeBufferSeconds'>,
): AlarmDefinition[] {
  const signals = sentimentSignals(sentiment, tweets);
  const { comprehendErrors } = sentiment;
  return [
    ...pipeAlarms(signals),
    ...rowDeliveryAlarms(signals.name, sentiment.deliveryStream, lakeBufferSeconds),
    ...(comprehendErrors === undefined
      ? []
      : [
          {
            name: `${signals.name}ComprehendErrors`,
            description:
              'Comprehend keeps refusing or failing calls, and tweets wait for their sentiment. The log group of the workflow has the errors: for throttling ask AWS to raise the quota of BatchDetectSentiment.',
            metric: comprehendErrors.with({ period: persistent.period }),
            patience: persistent,
          },
        ]),
  ];
}
