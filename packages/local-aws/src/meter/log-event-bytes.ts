/**
 * Bytes that CloudWatch Logs adds to each event,
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
const EVENT_OVERHEAD_BYTES = 26;

/** The bytes of one log line, as they are billed and as a batch is limited. */
export function logEventBytes(line: string): number {
  return Buffer.byteLength(line) + EVENT_OVERHEAD_BYTES;
}
