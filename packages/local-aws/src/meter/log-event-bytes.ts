/**
 * Bytes that CloudWatch Logs adds to each event,
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
const EVENT_OVERHEAD_BYTES = 26;

/** The billed bytes of one log line, given as text or as a number of bytes. */
export function logEventBytes(line: string | number): number {
  return (typeof line === 'number' ? line : Buffer.byteLength(line)) + EVENT_OVERHEAD_BYTES;
}
