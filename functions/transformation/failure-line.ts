import { embeddedMetric, metricLine } from '../embedded-metrics.ts';
import type { FailedRecord } from './transform-records.ts';

/** A line counts all records and names the first of them. */
const mostNamed = 100;

/**
 * The line that publishes `FailedRecords` (namespace `TweetPipes`, dimension `FunctionName`) through the log, and names
 * the records and their reasons, which Firehose does not tell. It holds nothing of what the records say.
 */
export function failureLine(failed: readonly FailedRecord[], functionName: string, nowMs: number): string {
  const metric = embeddedMetric('FailedRecords', 'Count', ['FunctionName'], { FailedRecords: failed.length });
  return metricLine([metric], functionName, nowMs, { records: failed.slice(0, mostNamed) });
}
