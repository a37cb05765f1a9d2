import { type Day, during, type Fault, faultMinute } from './days.ts';

/** 1,000 tweets a second, in files of five minutes. */
const busyDay: Day = {
  'IncomingRecords TweetStream': 60_000,
  'DataReadFromKinesisStream.Records DeliveryStream': 60_000,
  'KinesisMillisBehindLatest DeliveryStream': 800,
  'ThrottledGetRecords DeliveryStream': 0,
  'DeliveryToS3.DataFreshness DeliveryStream': 370,
  'Errors FlattenTweetsFunction': 0,
  'Throttles FlattenTweetsFunction': 0,
};

/** Days on which nothing is wrong that does not heal itself. */
export const healthyLakeDays: Readonly<Record<string, Day>> = {
  'a busy day': busyDay,
  'an idle day': {},
  'a record now and then': {
    'IncomingRecords TweetStream': (minute) => (minute % 7 === 0 ? 1 : undefined),
    'DataReadFromKinesisStream.Records DeliveryStream': (minute) => (minute % 7 === 0 ? 1 : undefined),
  },
  'reads that are throttled for eight minutes': {
    ...busyDay,
    'ThrottledGetRecords DeliveryStream': during(40, 0, 8),
    'KinesisMillisBehindLatest DeliveryStream': during(60_000, 800, 8),
  },
  'a run that forgets': {
    ...busyDay,
    'OldestDeletionSeconds ForgettingForgetTweetsFunction': during(43_200, undefined, 1),
  },
  'an invocation that fails and is tried again': { ...busyDay, 'Errors FlattenTweetsFunction': during(1, 0, 2) },
};

/** Faults by what is wrong. All begin at `faultMinute` and last. */
export const lakeFaults: Readonly<Record<string, Fault>> = {
  'Firehose may not read the stream any more': {
    day: {
      ...busyDay,
      'DataReadFromKinesisStream.Records DeliveryStream': during(undefined, 60_000),
      'KinesisMillisBehindLatest DeliveryStream': during(undefined, 800),
      'DeliveryToS3.DataFreshness DeliveryStream': during(undefined, 370),
    },
    alarms: ['LakeStopped'],
  },
  'another consumer takes the reads of the shards': {
    day: {
      ...busyDay,
      'ThrottledGetRecords DeliveryStream': during(40, 0),
      'KinesisMillisBehindLatest DeliveryStream': during((minute) => (minute - faultMinute) * 60_000, 800),
    },
    alarms: ['LakeThrottled', 'LakeLag'],
  },
  'the function fails on every batch': {
    day: {
      ...busyDay,
      'Errors FlattenTweetsFunction': during(40, 0),
      'PutRequests bucket LakeErrors': during(1, undefined),
    },
    alarms: ['LakeTransformationFailing', 'LakeErrors'],
  },
  'other functions use up the concurrency of the account': {
    day: { ...busyDay, 'Throttles FlattenTweetsFunction': during(40, 0) },
    alarms: ['LakeTransformationFailing'],
  },
  'the bucket refuses the files of Firehose': {
    day: {
      ...busyDay,
      'DeliveryToS3.DataFreshness DeliveryStream': during((minute) => 370 + (minute - faultMinute) * 60, 370),
    },
    alarms: ['LakeNotDelivered'],
  },
  'a producer sent what is no tweet': {
    day: { ...busyDay, 'PutRequests bucket LakeErrors': during(1, undefined, 1) },
    alarms: ['LakeErrors'],
  },
  'a run that forgets fails at each attempt': {
    day: { ...busyDay, 'ApproximateNumberOfMessagesVisible ForgettingDeadLetters': during(1, 0) },
    alarms: ['ForgettingFailed'],
  },
  'runs end before they are done': {
    day: { ...busyDay, 'OldestDeletionSeconds ForgettingForgetTweetsFunction': during(90_000, undefined, 1) },
    alarms: ['ForgettingLate'],
  },
};
