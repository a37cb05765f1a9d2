import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * A tweet that redrive stored or counted carries this owner instead of the event id alone. A redelivery of the record
 * by the pipe then finds another's tweet and counts nothing, and a repeated redrive finds its own (docs/adr/0014). What
 * stands before the first colon is no shard: the workflow, which compares sequence numbers of one shard, compares these
 * with nothing.
 */
export function redrivenRecord(eventId: string): string {
  return `${prefix}${eventId}`;
}

const prefix = 'redrive:';

/** The event id of the record that brought a tweet, and whether redrive counted it. */
export function recordOwner(record: string): { eventId: string; isRedriven: boolean } {
  const isRedriven = record.startsWith(prefix);
  return { eventId: isRedriven ? record.slice(prefix.length) : record, isRedriven };
}

/**
 * Where a marker lies in the table `deletions`. Longer than the 64 characters that a tweet's id may have, so it is
 * nobody's.
 */
export function markerKey(eventId: string, part: number): Record<'id', AttributeValue> {
  return { id: { S: `redrive#${part}#${eventId}`.padEnd(70, '#') } };
}

/** Whether an item of `deletions` is a marker and no listing. */
export function isMarkerId(id: string): boolean {
  return id.length > 64 && id.startsWith('redrive#');
}

/**
 * What the first marker of a record remembers, so that a repetition goes on where the first run ended, whatever
 * happened to the tweet since.
 */
export interface Marker {
  /** Hashtags that this redrive counts, in this order, over one or more transactions. */
  counted: string[];
  /** Hashtags that may have been counted before; nobody can tell. */
  unproved: string[];
  /** The tweet is removed again when it is counted: its delete notice was carried out before it. */
  removes: boolean;
}

export const emptyMarker: Readonly<Marker> = { counted: [], unproved: [], removes: false };

export function markerItem(
  eventId: string,
  part: number,
  { marker, redrivenAt, expiresAt }: { marker: Marker; redrivenAt: string; expiresAt: number },
): Record<string, AttributeValue> {
  return {
    ...markerKey(eventId, part),
    record: { S: eventId },
    redrivenAt: { S: redrivenAt },
    expiresAt: { N: String(expiresAt) },
    ...(part > 0
      ? {}
      : { counted: list(marker.counted), unproved: list(marker.unproved), removes: { BOOL: marker.removes } }),
  };
}

export function readMarker(item: Record<string, AttributeValue>): Marker {
  return { counted: texts(item.counted), unproved: texts(item.unproved), removes: item.removes?.BOOL ?? false };
}

function list(values: readonly string[]): AttributeValue {
  return { L: values.map((S) => ({ S })) };
}

/** The strings of a list attribute. */
export function texts(value: AttributeValue | undefined): string[] {
  return (value?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S]));
}
