import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Configuration } from './configuration.ts';
import { errorRow } from './error-row.ts';
import { MalformedEventError } from './errors.ts';
import { fitRecord } from './fit-record.ts';
import { removalEvent } from './removal-event.ts';
import { removalRow } from './removal-row.ts';

/**
 * Makes one flat row of each REMOVE event of a DynamoDB stream, in the same order. The pipe makes each row one Firehose
 * record. An event that cannot be flattened becomes an error row, and the other events are not affected. Throws
 * TypeError when `events` is not an array, which Pipes always sends.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html
 */
export function flattenRemovals(events: Json, configuration: Configuration): JsonObject[] {
  if (!Array.isArray(events))
    throw new TypeError('expected an array of DynamoDB stream events, as EventBridge Pipes sends it');
  return events.map((event) => flattenRemoval(event, configuration));
}

function flattenRemoval(event: Json, configuration: Configuration): JsonObject {
  try {
    const parsed = removalEvent.safeParse(event);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new MalformedEventError(
        issue ? [issue.path.join('.'), issue.message].filter(Boolean).join(': ') : 'not a removal',
      );
    }
    return fitRecord(removalRow(parsed.data, configuration), Object.keys(parsed.data.dynamodb.Keys).map(columnName));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fitRecord(errorRow(event, error, configuration), []);
  }
}

/** How many of the rows are error rows. */
export function errorRows(rows: readonly JsonObject[]): number {
  return rows.filter(({ error }) => error !== undefined).length;
}
