/** What a metric reports in each minute; undefined without a data point. */
export type Signal = number | undefined | ((minute: number) => number | undefined);

/**
 * Metrics by name and dimension values, such as `EventCount IngestPipe`. What is not named reports nothing.
 */
export type Day = Readonly<Record<string, Signal>>;

/** When faults begin, in minutes. */
export const faultMinute = 60;

/** `value` from `faultMinute` on, or for so many minutes only, else `otherwise`. */
export function during(value: Signal, otherwise: Signal, minutes = Number.POSITIVE_INFINITY): Signal {
  return (minute) => {
    const isNow = minute >= faultMinute && minute < faultMinute + minutes;
    const signal = isNow ? value : otherwise;
    return typeof signal === 'function' ? signal(minute) : signal;
  };
}

/** One value in one minute of every so many. */
const every = (minutes: number, value: number, offset = 0): Signal => {
  return (minute) => (minute % minutes === offset ? value : undefined);
};

/** Nothing flows. Whether AWS reports zeros or nothing then does not matter. */
const idleDay: Day = {};

/** 1,000 tweets a second; as many expire, and some are deleted. */
const busyDay: Day = {
  'IncomingRecords TweetStream': 60_000,
  'GetRecords.IteratorAgeMilliseconds TweetStream': 900,
  'EventCount IngestPipe': 60_000,
  'ExecutionFailed IngestPipe': 0,
  'ExecutionTimeout IngestPipe': 0,
  'ExecutionThrottled IngestPipe': 0,
  'ExecutionPartiallyFailed IngestPipe': 0,
  'TargetStageFailed IngestPipe': 0,
  'TargetStagePartiallyFailed IngestPipe': 0,
  'ExecutionsSucceeded IngestWorkflowStateMachine': 600,
  'ApproximateNumberOfMessagesVisible IngestDeadLetters': 0,
  'TimeToLiveDeletedItemCount TablesTweets': 59_000,
  'SuccessfulRequestLatency TransactWriteItems TablesTweets': 1200,
  'ReturnedRecordsCount GetRecords stream TablesTweets': 120_000,
  'EventCount TweetArchivePipe': 60_000,
  'IncomingRecords TweetArchiveDeliveryStream': 60_000,
  'LagSeconds FlattenRemovalsFunction tweets': 2,
  'DeliveryToS3.DataFreshness TweetArchiveDeliveryStream': 70,
  'ThrottledRecords TweetArchiveDeliveryStream': 0,
  'ReturnedRecordsCount GetRecords stream TablesHashtags': 60_000,
};

/** A hashtag is removed by hand now and then; else as busy as ever. */
const withRemovedHashtags: Day = {
  ...busyDay,
  'SuccessfulRequestLatency DeleteItem TablesHashtags': 1,
  'EventCount HashtagArchivePipe': 1,
  'IncomingRecords HashtagArchiveDeliveryStream': 1,
};

/** A pipe that stands still reports nothing, and neither does what it reads and calls. */
const stoppedIngest: Day = {
  ...Object.fromEntries(
    Object.entries(busyDay).map(([metric, signal]) => {
      const isOfPipe = /IngestPipe|IngestWorkflow|IteratorAge/.test(metric);
      return [metric, isOfPipe ? during(undefined, signal) : signal];
    }),
  ),
};

/**
 * Raw tweets in batches of 320: 1 MB is refused, halved, refused and halved again until four parts of 80 fit. For four
 * executions that succeed three fail, all day. AWS does not say whether a bisected batch counts as failed or as
 * partially failed.
 */
const rawTweets = (counts: 'failed' | 'partially failed' | 'both'): Day => ({
  ...busyDay,
  'ExecutionsSucceeded IngestWorkflowStateMachine': 752,
  'GetRecords.IteratorAgeMilliseconds TweetStream': 4_000,
  ...(counts === 'partially failed' ? {} : { 'ExecutionFailed IngestPipe': 564, 'TargetStageFailed IngestPipe': 564 }),
  ...(counts === 'failed'
    ? {}
    : { 'ExecutionPartiallyFailed IngestPipe': 188, 'TargetStagePartiallyFailed IngestPipe': 188 }),
});

/** Days on which nothing is wrong that does not heal itself. */
export const healthyDays: Readonly<Record<string, Day>> = {
  'a busy day': busyDay,
  'an idle day': idleDay,
  'a record now and then': {
    'IncomingRecords TweetStream': every(7, 1),
    'EventCount IngestPipe': every(7, 1),
    'ExecutionsSucceeded IngestWorkflowStateMachine': every(7, 1),
  },
  'records that wait five minutes for their batch': {
    'IncomingRecords TweetStream': every(10, 1, 4),
    'EventCount IngestPipe': every(10, 1, 9),
    'ExecutionsSucceeded IngestWorkflowStateMachine': every(10, 1, 9),
  },
  'raw tweets, each refusal a failed execution': rawTweets('failed'),
  'raw tweets, each refusal a partially failed execution': rawTweets('partially failed'),
  'raw tweets, each refusal both': rawTweets('both'),
  'a batch that fails, is redelivered and succeeds': {
    ...busyDay,
    'ExecutionFailed IngestPipe': during(3, 0, 2),
    'TargetStageFailed IngestPipe': during(3, 0, 2),
  },
  'a service that refuses everything for eight minutes': {
    ...busyDay,
    'ExecutionFailed IngestPipe': during(600, 0, 8),
    'ExecutionThrottled IngestPipe': during(60, 0, 8),
    'ExecutionsSucceeded IngestWorkflowStateMachine': during(undefined, 600, 8),
    'GetRecords.IteratorAgeMilliseconds TweetStream': during((minute) => (minute - faultMinute) * 60_000, 900, 11),
    'ThrottledRecords TweetArchiveDeliveryStream': during(100, 0, 8),
    'ExecutionPartiallyFailed TweetArchivePipe': during(10, 0, 8),
  },
  'resharding: parents are read to their end first': {
    ...busyDay,
    'GetRecords.IteratorAgeMilliseconds TweetStream': during(120_000, 900, 6),
    'EventCount IngestPipe': during(20_000, 60_000, 6),
  },
  'a deployment that changes the pipe': {
    ...busyDay,
    'EventCount IngestPipe': during(undefined, 60_000, 5),
    'ExecutionsSucceeded IngestWorkflowStateMachine': during(undefined, 600, 5),
    'GetRecords.IteratorAgeMilliseconds TweetStream': during(undefined, 900, 5),
  },
  'delete notices for tweets that were never stored': {
    ...busyDay,
    'TimeToLiveDeletedItemCount TablesTweets': undefined,
    'EventCount TweetArchivePipe': undefined,
    'IncomingRecords TweetArchiveDeliveryStream': undefined,
    'LagSeconds FlattenRemovalsFunction tweets': undefined,
    'DeliveryToS3.DataFreshness TweetArchiveDeliveryStream': undefined,
  },
  'hashtags removed by hand': withRemovedHashtags,
};

/** What is wrong, what the metrics show then, and the alarms that go off. */
export interface Fault {
  day: Day;
  alarms: readonly string[];
}

/** Faults by what is wrong. All begin at `faultMinute` and last. */
export const faults: Readonly<Record<string, Fault>> = {
  'the ingest pipe is stopped': { day: stoppedIngest, alarms: ['IngestStopped'] },
  'the ingest pipe is stopped, and a record comes every quarter of an hour': {
    day: { ...stoppedIngest, 'IncomingRecords TweetStream': every(15, 1) },
    alarms: ['IngestStopped'],
  },
  'the pipe of the tweet archive is stopped': {
    day: {
      ...busyDay,
      'ReturnedRecordsCount GetRecords stream TablesTweets': during(undefined, 120_000),
      'EventCount TweetArchivePipe': during(undefined, 60_000),
      'IncomingRecords TweetArchiveDeliveryStream': during(undefined, 60_000),
      'LagSeconds FlattenRemovalsFunction tweets': during(undefined, 2),
    },
    alarms: ['TweetArchiveStopped'],
  },
  'the pipe of the hashtag archive is stopped': {
    day: {
      ...withRemovedHashtags,
      'ReturnedRecordsCount GetRecords stream TablesHashtags': during(undefined, 60_000),
      'EventCount HashtagArchivePipe': during(undefined, 1),
      'IncomingRecords HashtagArchiveDeliveryStream': during(undefined, 1),
    },
    alarms: ['HashtagArchiveStopped'],
  },
  'the role of the workflow is broken': {
    day: {
      ...busyDay,
      'ExecutionFailed IngestPipe': during(40, 0),
      'TargetStageFailed IngestPipe': during(40, 0),
      'ExecutionsSucceeded IngestWorkflowStateMachine': during(undefined, 600),
    },
    alarms: ['IngestFailing'],
  },
  'the same, if failed executions process no events, and no more is read': {
    day: {
      ...busyDay,
      'EventCount IngestPipe': during(undefined, 60_000),
      'GetRecords.IteratorAgeMilliseconds TweetStream': during(undefined, 900),
      'ExecutionFailed IngestPipe': during(40, 0),
      'ExecutionsSucceeded IngestWorkflowStateMachine': during(undefined, 600),
    },
    alarms: ['IngestFailing'],
  },
  'the flatten function fails': {
    day: {
      ...busyDay,
      'ExecutionFailed TweetArchivePipe': during(40, 0),
      'EnrichmentStageFailed TweetArchivePipe': during(40, 0),
      'IncomingRecords TweetArchiveDeliveryStream': during(undefined, 60_000),
      'LagSeconds FlattenRemovalsFunction tweets': during(undefined, 2),
    },
    alarms: ['TweetArchiveFailing'],
  },
  'the delivery stream of the hashtag archive is gone': {
    day: {
      ...withRemovedHashtags,
      'TargetStageFailed HashtagArchivePipe': during(4, 0),
      'ExecutionFailed HashtagArchivePipe': during(4, 0),
      'IncomingRecords HashtagArchiveDeliveryStream': during(undefined, 1),
    },
    alarms: ['HashtagArchiveFailing'],
  },
  'the batches of one shard of four reach the time limit of the workflow': {
    day: { ...busyDay, 'ExecutionsTimedOut IngestWorkflowStateMachine': during(every(5, 1), 0) },
    alarms: ['IngestTimedOut'],
  },
  'the batches of an archive reach the time limit of the pipe': {
    day: { ...busyDay, 'ExecutionTimeout TweetArchivePipe': during(every(6, 1), 0) },
    alarms: ['TweetArchiveTimedOut'],
  },
  'so do those of the other': {
    day: { ...withRemovedHashtags, 'ExecutionTimeout HashtagArchivePipe': during(every(6, 1), 0) },
    alarms: ['HashtagArchiveTimedOut'],
  },
  'the account runs as many pipe executions as it may': {
    day: { ...busyDay, 'ExecutionThrottled IngestPipe': during(30, 0) },
    alarms: ['IngestThrottled'],
  },
  'so it does for the archives': {
    day: {
      ...busyDay,
      'ExecutionThrottled TweetArchivePipe': during(30, 0),
      'ExecutionThrottled HashtagArchivePipe': during(30, 0),
    },
    alarms: ['TweetArchiveThrottled', 'HashtagArchiveThrottled'],
  },
  'raw tweets, and the pipe does not keep up': {
    day: { ...rawTweets('both'), 'GetRecords.IteratorAgeMilliseconds TweetStream': during(360_000, 4_000) },
    alarms: ['IngestPartiallyFailing'],
  },
  'raw tweets, and the pipe falls further and further behind': {
    day: {
      ...rawTweets('failed'),
      'GetRecords.IteratorAgeMilliseconds TweetStream': during((minute) => (minute - faultMinute) * 30_000, 4_000),
    },
    alarms: ['IngestLag'],
  },
  'Firehose takes part of the rows of both archives, and they fall behind': {
    day: {
      ...busyDay,
      'ExecutionPartiallyFailed TweetArchivePipe': during(10, 0),
      'LagSeconds FlattenRemovalsFunction tweets': during(400, 2),
      'TargetStagePartiallyFailed HashtagArchivePipe': during(10, 0),
      'LagSeconds FlattenRemovalsFunction hashtags': during(400, 2),
    },
    alarms: ['TweetArchivePartiallyFailing', 'HashtagArchivePartiallyFailing'],
  },
  'a record of the stream was given up': {
    day: { ...busyDay, 'ApproximateNumberOfMessagesVisible IngestDeadLetters': during(1, 0) },
    alarms: ['IngestDeadLetters'],
  },
  'removals were given up': {
    day: {
      ...busyDay,
      'ApproximateNumberOfMessagesVisible TweetArchiveDeadLetters': during(3, 0),
      'ApproximateNumberOfMessagesVisible HashtagArchiveDeadLetters': during(1, 0),
    },
    alarms: ['TweetArchiveDeadLetters', 'HashtagArchiveDeadLetters'],
  },
  'producers are faster than the workflow': {
    day: {
      ...busyDay,
      'GetRecords.IteratorAgeMilliseconds TweetStream': during((minute) => (minute - faultMinute) * 20_000, 900),
    },
    alarms: ['IngestLag'],
  },
  'more is removed than the archives can take': {
    day: {
      ...busyDay,
      'LagSeconds FlattenRemovalsFunction tweets': during((minute) => (minute - faultMinute) * 20, 2),
      'LagSeconds FlattenRemovalsFunction hashtags': during((minute) => (minute - faultMinute) * 20, 2),
    },
    alarms: ['TweetArchiveLag', 'HashtagArchiveLag'],
  },
  'the bucket refuses the files of Firehose': {
    day: {
      ...withRemovedHashtags,
      'DeliveryToS3.DataFreshness TweetArchiveDeliveryStream': during((minute) => (minute - faultMinute) * 60, 70),
      'DeliveryToS3.DataFreshness HashtagArchiveDeliveryStream': during((minute) => (minute - faultMinute) * 60, 70),
    },
    alarms: ['TweetArchiveNotDelivered', 'HashtagArchiveNotDelivered'],
  },
  'Firehose throttles, and the pipe keeps up all the same': {
    day: {
      ...busyDay,
      'ThrottledRecords TweetArchiveDeliveryStream': during(500, 0),
      'ExecutionPartiallyFailed TweetArchivePipe': during(10, 0),
      'ThrottledRecords HashtagArchiveDeliveryStream': during(500, 0),
    },
    alarms: ['TweetArchiveDeliveryThrottled', 'HashtagArchiveDeliveryThrottled'],
  },
  'Firehose could not deliver rows as they are': {
    day: { ...busyDay, 'PutRequests archivebucket DeliveryErrors': during(1, undefined, 1) },
    alarms: ['DeliveryErrors'],
  },
  'a removal could not be flattened': {
    day: { ...busyDay, 'ErrorRows FlattenRemovalsFunction': during(1, undefined, 1) },
    alarms: ['ArchiveErrorRows'],
  },
  'a producer sent what is no tweet': {
    day: { ...busyDay, 'PutRequests archivebucket Quarantine': during(1, undefined, 1) },
    alarms: ['Quarantine'],
  },
  'a second consumer broke the order': {
    day: {
      ...busyDay,
      'PutRequests archivebucket Quarantine': during(1, undefined, 1),
      'PutRequests archivebucket OutOfOrder': during(1, undefined, 1),
    },
    alarms: ['Quarantine', 'OutOfOrder'],
  },
};
