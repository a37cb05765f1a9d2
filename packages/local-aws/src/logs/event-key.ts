/** The place of an event in the order of a group: by timestamp, then by where it is stored. */
export interface EventKey {
  readonly timestampMs: number;
  readonly segment: number;
  readonly offset: number;
}

export function compareKeys(a: EventKey, b: EventKey): number {
  return a.timestampMs - b.timestampMs || a.segment - b.segment || a.offset - b.offset;
}

/** The id of an event, 56 digits as on AWS. Ids sort as the events do. */
export function eventId({ timestampMs, segment, offset }: EventKey): string {
  return [digits(timestampMs, 20), digits(segment, 18), digits(offset, 18)].join('');
}

/** The text of a key in a token. */
export function keyText({ timestampMs, segment, offset }: EventKey): string {
  return `${timestampMs}.${segment}.${offset}`;
}

/** Undefined for a text that is none of {@link keyText}. */
export function parseKey(text: string): EventKey | undefined {
  const [, timestamp, segment, offset] = /^(\d{1,16})\.(\d{1,12})\.(\d{1,12})$/.exec(text) ?? [];
  if (offset === undefined) return undefined;
  return { timestampMs: Number(timestamp), segment: Number(segment), offset: Number(offset) };
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
