import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { Configuration } from './configuration.ts';
import { tableName } from './removal-event.ts';

/** The members of an event that identify a removal and are not content. */
const withoutContent = ['eventID', 'eventName', 'eventSourceARN', 'awsRegion', 'userIdentity'] as const;
const recordWithoutContent = [
  'ApproximateCreationDateTime',
  'Keys',
  'SequenceNumber',
  'SizeBytes',
  'StreamViewType',
] as const;

/**
 * The row of an event that cannot be flattened: the error's name and message, and the event as JSON text in
 * `raw_event`, so that nothing is lost. With `ARCHIVE_CONTENT=keys` the event is kept without its images.
 */
export function errorRow(event: Json, error: Error, configuration: Configuration): JsonObject {
  const source = isJsonObject(event) && typeof event.eventSourceARN === 'string' ? event.eventSourceARN : '';
  return {
    event_id: isJsonObject(event) && typeof event.eventID === 'string' ? event.eventID : null,
    table: configuration.tableLabels.get(tableName(source) ?? '') ?? null,
    record: null,
    removed_at: null,
    cause: null,
    error: error.name,
    error_message: error.message,
    raw_event: JSON.stringify(configuration.archiveContent === 'full' ? event : identifying(event)),
  };
}

function identifying(event: Json): Json {
  if (!isJsonObject(event)) return null;
  const dynamodb = isJsonObject(event.dynamodb) ? { dynamodb: picked(event.dynamodb, recordWithoutContent) } : {};
  return { ...picked(event, withoutContent), ...dynamodb };
}

function picked(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]]));
}
