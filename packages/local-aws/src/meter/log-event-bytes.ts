/**
 * What CloudWatch Logs adds to each event,
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
const EVENT_OVERHEAD_BYTES = 26;

/** What one log line counts, by its text or by its bytes. */
export function logEventBytes(line: string | number): number {
  return (typeof line === 'number' ? line : Buffer.byteLength(line)) + EVENT_OVERHEAD_BYTES;
}
