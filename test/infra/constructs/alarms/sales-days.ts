import { type Day, during, type Fault, faultMinute } from './days.ts';

/** 100 changes a second, in files of five minutes. */
const busyDay: Day = {
  'ConsumedWriteCapacityUnits Orders': 6_000,
  'ReturnedRecordsCount GetRecords stream Orders': 6_000,
  'EventCount OrderPipe': 6_000,
  'IncomingRecords Changes': 6_000,
  'DataReadFromKinesisStream.Records DeliveryStream': 6_000,
  'KinesisMillisBehindLatest DeliveryStream': 800,
  'ThrottledGetRecords DeliveryStream': 0,
  'DeliveryToS3.DataFreshness DeliveryStream': 370,
  'Errors FlattenOrdersFunction': 0,
  'Throttles FlattenOrdersFunction': 0,
};

/** Days on which nothing is wrong that does not heal itself. */
export const healthySalesDays: Readonly<Record<string, Day>> = {
  'a busy day': busyDay,
  'an idle day': {},
  'a shard that is full for eight minutes': {
    ...busyDay,
    'ExecutionFailed OrderPipe': during(3, 0, 8),
    'IncomingRecords Changes': during(4_000, 6_000, 8),
  },
  'an invocation that fails and is tried again': { ...busyDay, 'Errors FlattenOrdersFunction': during(1, 0, 2) },
};

/** Faults by what is wrong. All begin at `faultMinute` and last. */
export const salesFaults: Readonly<Record<string, Fault>> = {
  'AWS stopped the pipe': {
    day: {
      ...busyDay,
      'ReturnedRecordsCount GetRecords stream Orders': during(undefined, 6_000),
      'EventCount OrderPipe': during(undefined, 6_000),
      'IncomingRecords Changes': during(undefined, 6_000),
      'DataReadFromKinesisStream.Records DeliveryStream': during(undefined, 6_000),
      'DeliveryToS3.DataFreshness DeliveryStream': during(undefined, 370),
    },
    alarms: ['OrdersStopped'],
  },
  'the role of the pipe may not write to the stream': {
    day: {
      ...busyDay,
      'ExecutionFailed OrderPipe': during(4, 0),
      'TargetStageFailed OrderPipe': during(4, 0),
      'IncomingRecords Changes': during(undefined, 6_000),
      'DataReadFromKinesisStream.Records DeliveryStream': during(undefined, 6_000),
    },
    alarms: ['OrdersFailing'],
  },
  'executions reach the time limit of Pipes': {
    day: { ...busyDay, 'ExecutionTimeout OrderPipe': during(1, 0) },
    alarms: ['OrdersTimedOut'],
  },
  'the account runs too many pipe executions': {
    day: { ...busyDay, 'ExecutionThrottled OrderPipe': during(10, undefined) },
    alarms: ['OrdersThrottled'],
  },
  'changes that the pipe gave up': {
    day: { ...busyDay, 'ApproximateNumberOfMessagesVisible OrderPipeDeadLetters': during(1, 0) },
    alarms: ['OrdersDeadLetters'],
  },
  'Firehose may not read the stream any more': {
    day: {
      ...busyDay,
      'DataReadFromKinesisStream.Records DeliveryStream': during(undefined, 6_000),
      'KinesisMillisBehindLatest DeliveryStream': during(undefined, 800),
      'DeliveryToS3.DataFreshness DeliveryStream': during(undefined, 370),
    },
    alarms: ['SalesStopped'],
  },
  'another consumer takes the reads of the shard': {
    day: {
      ...busyDay,
      'ThrottledGetRecords DeliveryStream': during(40, 0),
      'KinesisMillisBehindLatest DeliveryStream': during((minute) => (minute - faultMinute) * 60_000, 800),
    },
    alarms: ['SalesThrottled', 'SalesLag'],
  },
  'the function fails on every batch': {
    day: {
      ...busyDay,
      'Errors FlattenOrdersFunction': during(40, 0),
      'PutRequests bucket SalesErrors': during(1, undefined),
    },
    alarms: ['SalesTransformationFailing', 'SalesErrors'],
  },
  'other functions use up the concurrency of the account': {
    day: { ...busyDay, 'Throttles FlattenOrdersFunction': during(40, 0) },
    alarms: ['SalesTransformationFailing'],
  },
  'the bucket refuses the files of Firehose': {
    day: {
      ...busyDay,
      'DeliveryToS3.DataFreshness DeliveryStream': during((minute) => 370 + (minute - faultMinute) * 60, 370),
    },
    alarms: ['SalesNotDelivered'],
  },
  'a run of the generator fails at each attempt': {
    day: { ...busyDay, 'ApproximateNumberOfMessagesVisible GeneratorDeadLetters': during(1, 0) },
    alarms: ['GeneratorFailed'],
  },
};
