import { type Day, during, type Fault, faultMinute } from './days.ts';

/** 50 tweets a second, in files of five minutes. */
const busyDay: Day = {
  'ConsumedWriteCapacityUnits TweetTable': 6_000,
  'EventCount SentimentPipe': 3_000,
  'IncomingRecords SentimentDeliveryStream': 3_000,
  'DeliveryToS3.DataFreshness SentimentDeliveryStream': 310,
};

/** Days on which nothing is wrong that does not heal itself. */
export const healthySentimentDays: Readonly<Record<string, Day>> = {
  'a busy day': busyDay,
  'an idle day': {},
  'a few minutes of throttling': { ...busyDay, 'TweetLake-ComprehendErrors': during(20, undefined, 8) },
  'an execution that fails and is delivered again': {
    ...busyDay,
    'ExecutionFailed SentimentPipe': during(1, 0, 2),
    'EnrichmentStageFailed SentimentPipe': during(1, 0, 2),
  },
};

/** Faults by what is wrong. All begin at `faultMinute` and last. */
export const sentimentFaults: Readonly<Record<string, Fault>> = {
  'AWS stopped the pipe': {
    day: {
      ...busyDay,
      'EventCount SentimentPipe': during(undefined, 3_000),
      'IncomingRecords SentimentDeliveryStream': during(undefined, 3_000),
      'DeliveryToS3.DataFreshness SentimentDeliveryStream': during(undefined, 310),
    },
    alarms: ['SentimentStopped'],
  },
  'the role may not call Comprehend': {
    day: {
      ...busyDay,
      'ExecutionFailed SentimentPipe': during(4, 0),
      'EnrichmentStageFailed SentimentPipe': during(4, 0),
      'IncomingRecords SentimentDeliveryStream': during(undefined, 3_000),
      'DeliveryToS3.DataFreshness SentimentDeliveryStream': during(undefined, 310),
      'TweetLake-ComprehendErrors': during(12, undefined),
    },
    alarms: ['SentimentFailing', 'SentimentComprehendErrors'],
  },
  'more tweets come than Comprehend takes': {
    day: {
      ...busyDay,
      'TweetLake-ComprehendErrors': during(40, undefined),
      'ExecutionsTimedOut SentimentWorkflowStateMachine': during(1, 0),
      'ExecutionTimeout SentimentPipe': during(1, 0),
    },
    alarms: ['SentimentComprehendErrors', 'SentimentTimedOut'],
  },
  'the account runs too many pipe executions': {
    day: { ...busyDay, 'ExecutionThrottled SentimentPipe': during(10, undefined) },
    alarms: ['SentimentThrottled'],
  },
  'tweets that the pipe gave up': {
    day: { ...busyDay, 'ApproximateNumberOfMessagesVisible SentimentDeadLetters': during(1, 0) },
    alarms: ['SentimentDeadLetters'],
  },
  'the bucket refuses the files of Firehose': {
    day: {
      ...busyDay,
      'DeliveryToS3.DataFreshness SentimentDeliveryStream': during((minute) => 310 + (minute - faultMinute) * 60, 310),
    },
    alarms: ['SentimentNotDelivered'],
  },
  'rows exceed the quota of Firehose': {
    day: { ...busyDay, 'ThrottledRecords SentimentDeliveryStream': during(100, 0) },
    alarms: ['SentimentDeliveryThrottled'],
  },
};
