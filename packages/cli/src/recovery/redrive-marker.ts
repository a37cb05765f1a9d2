import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * The `record` of a tweet that redrive stored or counted. A redelivery of the record by the pipe finds that the tweet
 * has another record and counts nothing; a repeated redrive finds its own (docs/adr/0014). It is no position: the
 * workflow compares positions of one shard, and the part before the first colon is no shard.
 */
export function redrivenRecord(position: string): string {
  return `${prefix}${position}`;
}

const prefix = 'redrive:';

/** The position in a tweet's `record`, and whether redrive stored or counted the tweet. */
export function recordOwner(record: string): { position: string; isRedriven: boolean } {
  const isRedriven = record.startsWith(prefix);
  return { position: isRedriven ? record.slice(prefix.length) : record, isRedriven };
}

/**
 * The key of a marker in the table `deletions`. It is longer than the 64 characters that a tweet's id may have, so no
 * tweet has it.
 */
export function markerKey(position: string, part: number): Record<'id', AttributeValue> {
  return { id: { S: `redrive#${part}#${position}`.padEnd(70, '#') } };
}

/** Whether an item of `deletions` is a marker and no tombstone. */
export function isMarkerId(id: string): boolean {
  return id.length > 64 && id.startsWith('redrive#');
}

/**
 * The content of the first marker of a record. A repeated redrive continues from it, whatever has happened to the tweet
 * since.
 */
export interface Marker {
  /** Hashtags that this redrive counts, in this order, over one or more transactions. */
  counted: string[];
  /** Hashtags for which it cannot be proved whether the tweet was counted. */
  unproved: string[];
  /** The tweet is removed again after it was counted, because its delete notice was carried out before. */
  removes: boolean;
}

export const emptyMarker: Readonly<Marker> = { counted: [], unproved: [], removes: false };

export function markerItem(
  position: string,
  part: number,
  { marker, redrivenAt, expiresAt }: { marker: Marker; redrivenAt: string; expiresAt: number },
): Record<string, AttributeValue> {
  return {
    ...markerKey(position, part),
    record: { S: position },
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
