interface Reason {
  /** The role without the letters that CloudFormation adds at its end: `TweetPipes-IngestWorkflowRole`. */
  readonly role: string;
  /** When it is asked for. */
  readonly why: string;
  /** The test that shows it, or AWS's page. */
  readonly source: string;
}

/** A right that is needed in rare cases only: an action, or objects of a bucket (`errors/tweets/*`). */
export type RareRight = Reason & ({ readonly action: string } | { readonly objects: string });

function eachRole(roles: readonly string[], action: string, why: string, source: string): RareRight[] {
  return roles.map((role) => ({ role, action, why, source }));
}

const errorPrefix =
  'https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html';
const transformation = 'packages/local-aws/test/firehose/transformation.test.ts';
const versions = 'packages/kit/test/forgetting/forget.test.ts';

/** What the workload of the proof does not ask for, and other cases do. */
export const rareRights: readonly RareRight[] = [
  ...eachRole(
    ['SalesLake-DeliveryRole', 'TweetPipes-HashtagArchiveDeliveryRole', 'TweetPipes-TweetArchiveDeliveryRole'],
    'logs:PutLogEvents',
    'a delivery fails and tells why in its log stream',
    transformation,
  ),
  {
    role: 'SalesLake-DeliveryRole',
    objects: 'errors/*',
    why: 'the function answers that a record cannot be processed',
    source: transformation,
  },
  ...['hashtags', 'tweets'].map((what) => ({
    role: `TweetPipes-${what === 'tweets' ? 'Tweet' : 'Hashtag'}ArchiveDeliveryRole`,
    objects: `errors/${what}/*`,
    // No page says that a delivery stream without function and conversion has none. A refused write would block it.
    why: 'Firehose puts failed records under the error prefix',
    source: errorPrefix,
  })),
  ...eachRole(
    ['SalesLake-GeneratorGenerateOrdersRole', 'TweetLake-ForgettingForgetTweetsRole'],
    'sqs:SendMessage',
    'a run failed at each of its three attempts',
    'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  ),
  ...eachRole(
    ['SalesLake-GeneratorGenerateOrdersRole'],
    'dynamodb:DeleteItem',
    'the orders of a minute have one that is deleted, which the minute decides',
    'test/functions/generate-orders/generate-orders.test.ts',
  ),
  ...eachRole(
    ['TweetLake-ForgettingForgetTweetsRole'],
    's3:GetObjectVersion',
    'versions of objects, if the owner of the bucket keeps them',
    versions,
  ),
  ...eachRole(
    ['TweetLake-ForgettingForgetTweetsRole'],
    's3:DeleteObjectVersion',
    'an object or version that a deleted tweet leaves nothing of',
    versions,
  ),
  {
    role: 'TweetLake-ForgettingForgetTweetsRole',
    objects: 'sentiment/*',
    why: 'the lake has asked for sentiment, now or once',
    source: 'test/e2e/sentiment.test.ts',
  },
  ...eachRole(
    ['TweetPipes-IngestWorkflowRole'],
    'kinesis:ListShards',
    'the stream was resharded',
    'test/e2e/resharding.test.ts',
  ),
];
