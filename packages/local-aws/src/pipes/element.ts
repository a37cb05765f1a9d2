import { isJsonObject, type Json } from '@tweet-pipes/kit/json';

/** An input element of a stage: unparsed, and as a template's paths read it. */
export interface Element {
  readonly raw: Json;
  readonly parsed: Json;
}

/** Names an element in an error: `Record: <event id>.`, or its number in the batch, from 1, if it has no event id. */
export function elementName(raw: Json | undefined, number: number): string {
  const eventId = eventIdOf(raw);
  return eventId === null ? `Element: number ${number} of the batch.` : `Record: ${eventId}.`;
}

/** The id of the event that an element is. Null for one that an enrichment made. */
export function eventIdOf(raw: Json | undefined): string | null {
  const eventId = isJsonObject(raw) ? raw.eventID : undefined;
  return typeof eventId === 'string' ? eventId : null;
}
