import type { StreamRecord } from '../sources/record.ts';
import { matchesPattern } from './match-pattern.ts';
import type { Pattern } from './pattern.ts';
import { compilePattern, InvalidPattern } from './pattern.ts';

/** Whether a record is delivered. Filters are OR'ed. Without a filter every record is. */
export type RecordFilter = (record: StreamRecord) => boolean;

/** Fields that AWS documents as not filterable. `eventName` is listed too, but AWS's own samples filter on it. */
const unfilterable = [
  'eventID',
  'awsRegion',
  'eventSource',
  'eventSourceARN',
  'eventVersion',
  'invokeIdentityArn',
  'eventSourceKey',
];

/**
 * Compiles the patterns of a pipe's FilterCriteria for its kind of source. Throws `InvalidPattern` with the
 * reason.
 *
 * A pattern with `data` drops every Kinesis record whose data is not JSON. A pattern without it is matched against the
 * metadata alone (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html).
 */
export function recordFilter(patterns: readonly string[], source: 'kinesis' | 'dynamodb'): RecordFilter {
  const body = source === 'kinesis' ? 'data' : 'dynamodb';
  const compiled = patterns.map((text) => {
    const pattern = compilePattern(text);
    checkFields(pattern, body);
    return { pattern, touchesBody: readsBody(pattern, body) };
  });
  if (compiled.length === 0) return () => true;
  return (record) =>
    compiled.some(({ pattern, touchesBody }) => {
      if (!touchesBody) return matchesPattern(pattern, record.event);
      return record.body.isJson && matchesPattern(pattern, record.parsedEvent);
    });
}

function checkFields(pattern: Pattern, body: string): void {
  for (const { name, matchers } of pattern.alternatives.flat()) {
    if (unfilterable.includes(name)) throw new InvalidPattern(`"${name}" cannot be filtered on`);
    if (name === body && matchers.length > 0)
      throw new InvalidPattern(`"${name}" needs an object: its records are JSON`);
  }
}

function readsBody(pattern: Pattern, body: string): boolean {
  return pattern.alternatives.flat().some(({ name }) => name === body);
}
