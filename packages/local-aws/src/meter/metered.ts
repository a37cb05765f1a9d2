/**
 * The usage that AWS bills, each item with its counting rule. Standing costs, such as alarms or shard hours, are not
 * among them.
 */
export const meteredItems = [
  /**
   * Provisioned streams: a record is one unit for each started 25 KB,
   * https://aws.amazon.com/kinesis/data-streams/pricing/
   */
  'kinesisPutUnits',
  /** On-demand streams: a record's data and key, rounded up to 1 KB. */
  'kinesisIngestedBytes',
  /** On-demand streams: bytes of data that consumers read. A record that is read again counts again. */
  'kinesisReadBytes',
  /**
   * An event that passes the filter is one request for each started 64 KB, in every attempt,
   * https://aws.amazon.com/eventbridge/pricing/
   */
  'pipesRequests',
  /** Started executions, https://aws.amazon.com/step-functions/pricing/ */
  'expressRequests',
  /** Duration in steps of 100 ms times memory in steps of 64 MB; 1 GB is 1,024 MB. */
  'expressGigabyteSeconds',
  /**
   * As in DynamoDB's ConsumedCapacity, including failed conditions and cancelled transactions,
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
   */
  'dynamodbWriteUnits',
  'dynamodbReadUnits',
  /**
   * GetRecords calls that returned records. Empty calls depend on the hours that a pipe polls, not on the records.
   */
  'dynamodbStreamReads',
  /** Invocations and their duration in steps of 1 ms times memory, https://aws.amazon.com/lambda/pricing/ */
  'lambdaRequests',
  'lambdaGigabyteSeconds',
  /** Each record, put or read from a stream, rounded up to 5 KB, https://aws.amazon.com/firehose/pricing/ */
  'firehoseBytes',
  /** The same bytes again where records become Parquet, https://aws.amazon.com/firehose/pricing/ */
  'firehoseConvertedBytes',
  /** PUT, COPY, POST and LIST; then GET and all others but DELETE, which is free, https://aws.amazon.com/s3/pricing/ */
  's3Writes',
  's3Reads',
  /** Bytes of stored objects. An object that is put again counts again. */
  's3StoredBytes',
  /** Objects that Firehose puts, which are among `s3Writes`. How many there are depends on time, not on records. */
  's3DeliveredObjects',
  'sqsRequests',
  /**
   * Bytes that a query scans, rounded up to 1 MB, at least 10 MB. None for statements about the catalog and for failed
   * queries. A cancelled query counts what it scanned. https://aws.amazon.com/athena/pricing/
   */
  'athenaScannedBytes',
  /** Calls of the catalog, https://aws.amazon.com/glue/pricing/ */
  'glueRequests',
  /** Duration of a crawl, at least 10 minutes, times its 2 processing units, https://aws.amazon.com/glue/pricing/ */
  'crawlerUnitSeconds',
  /** Invocations of schedules, https://aws.amazon.com/eventbridge/pricing/ */
  'schedulerInvocations',
  /** A unit for each started 100 characters of a document, at least 3, https://aws.amazon.com/comprehend/pricing/ */
  'comprehendUnits',
  /**
   * Bytes of log lines, plus 26 for each line,
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

/** One billed item, with its unit in the name. */
export type MeteredItem = (typeof meteredItems)[number];

/** Usage of each item. May be fractions (0.5 read units, 5 % of a trace). */
export type Units = Readonly<Record<MeteredItem, number>>;

/** No usage. */
export const noUnits: Units = fromEach(() => 0);

/** Usage between two readings of one meter. */
export function unitsSince(before: Units, now: Units): Units {
  return fromEach((item) => now[item] - before[item]);
}

/** Usage times a factor. */
export function scaledUnits(units: Units, factor: number): Units {
  return fromEach((item) => units[item] * factor);
}

/** Usage with a value computed for each item. */
export function fromEach(value: (item: MeteredItem) => number): Units {
  const units: Partial<Record<MeteredItem, number>> = {};
  for (const item of meteredItems) units[item] = value(item);
  return units as Units; // Every item was set.
}
