/**
 * What AWS counts of a stack that works, each with the rule by which it is counted. What it costs stands in
 * costs/prices.us-east-1.json; what it costs while nothing happens, in packages/cli/src/costs/standing.ts.
 */
export const meteredItems = [
  /**
   * Of provisioned streams: a record is a unit for each 25 KB begun,
   * https://aws.amazon.com/kinesis/data-streams/pricing/
   */
  'kinesisPutUnits',
  /** Of on-demand streams: a record's data and key, rounded up to 1 KB. */
  'kinesisIngestedBytes',
  /** Of on-demand streams: bytes of data that consumers read. A record that was read again counts again. */
  'kinesisReadBytes',
  /**
   * An event behind the filter is a request for each 64 KB begun, in every attempt,
   * https://aws.amazon.com/eventbridge/pricing/
   */
  'pipesRequests',
  /** Executions begun, https://aws.amazon.com/step-functions/pricing/ */
  'expressRequests',
  /** Duration in steps of 100 ms times memory in steps of 64 MB; 1 GB is 1,024 MB. */
  'expressGigabyteSeconds',
  /**
   * As DynamoDB says in ConsumedCapacity; writes whose condition failed and cancelled transactions too,
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
   */
  'dynamodbWriteUnits',
  'dynamodbReadUnits',
  /**
   * GetRecords calls that brought records. What polling costs while nothing comes is a matter of hours, not of tweets.
   */
  'dynamodbStreamReads',
  /** Invocations and their duration in steps of 1 ms times memory, https://aws.amazon.com/lambda/pricing/ */
  'lambdaRequests',
  'lambdaGigabyteSeconds',
  /** Each record rounded up to 5 KB, https://aws.amazon.com/firehose/pricing/ */
  'firehoseBytes',
  /** PUT, COPY, POST and LIST; then GET and all others but DELETE, which is free, https://aws.amazon.com/s3/pricing/ */
  's3Writes',
  's3Reads',
  /** Bytes of the objects put. An object that is put again counts again. */
  's3StoredBytes',
  'sqsRequests',
  /**
   * Bytes of log lines, and 26 for each,
   * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
   */
  'workflowLogBytes',
  'pipeLogBytes',
  'functionLogBytes',
  /**
   * By the default sampling rule: the first execution of each second and 5 % of the others,
   * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
   */
  'xrayTraces',
] as const;

/** One thing that AWS counts, with its unit in the name. */
export type MeteredItem = (typeof meteredItems)[number];

/** How much of each; fractions where AWS has them (0.5 read units, 5 % of a trace). */
export type Units = Readonly<Record<MeteredItem, number>>;

/** No units at all. */
export const noUnits: Units = fromEach(() => 0);

/** The units between two readings of one meter. */
export function unitsSince(before: Units, now: Units): Units {
  return fromEach((item) => now[item] - before[item]);
}

/** The same for every item. */
export function scaledUnits(units: Units, factor: number): Units {
  return fromEach((item) => units[item] * factor);
}

/** Builds units item by item. */
export function fromEach(value: (item: MeteredItem) => number): Units {
  const units: Partial<Record<MeteredItem, number>> = {};
  for (const item of meteredItems) units[item] = value(item);
  return units as Units; // Every item was set.
}
