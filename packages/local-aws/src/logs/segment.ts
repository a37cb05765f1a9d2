import { parseJson } from '@tweet-pipes/kit/json';

/**
 * A segment is a text file. `S <index> <created> <JSON name>` names a stream of the segment, and each event is a line
 * `E <index> <timestamp> <ingestion> <message>`. A message with a line break is JSON in a line that begins with `J`.
 * Times are milliseconds since the epoch. A last line without a line break was cut short by a kill and does not count.
 */
const LINE_FEED = 10;
/** Longer than the fields before a message. */
const HEADER_BYTES = 64;
/** The beginning of a line that names a stream, with the break before it. */
const STREAM_LINE = Buffer.from('\nS ');
const UNICODE_ESCAPE = Buffer.from('\\u');
const EVENT = /^([EJ]) (\d+) (\d+) (\d+) /;
const STREAM = /^S (\d+) (\d+) (".*")$/s;

/** An event as it is stored. */
export interface StoredLine {
  readonly logStreamName: string;
  readonly timestampMs: number;
  readonly ingestionMs: number;
  readonly message: string;
}

/** What a reader of a segment gets for each event, in the order of writing. */
export interface SegmentVisitor {
  stream(logStreamName: string, createdMs: number): void;
  /** `message` decodes the text, which costs more than all else. `offset` is that of the line in the file. */
  event(event: Omit<StoredLine, 'message'>, offset: number, message: () => string): void;
}

export function encodeStream(index: number, createdMs: number, logStreamName: string): string {
  return `S ${index} ${createdMs} ${JSON.stringify(logStreamName)}\n`;
}

export function encodeEvent(index: number, { timestampMs, ingestionMs, message }: StoredLine): string {
  return message.includes('\n')
    ? `J ${index} ${timestampMs} ${ingestionMs} ${JSON.stringify(message)}\n`
    : `E ${index} ${timestampMs} ${ingestionMs} ${message}\n`;
}

/**
 * Reads a segment. Lines that are no lines of a segment are left out. With `need` it reads the streams, the events that
 * have this text, and those that have `\u`, which may stand for a letter of it. JSON must escape no character of it.
 */
export function visitSegment(segment: Buffer, visitor: SegmentVisitor, need?: string): void {
  const streams = new Map<string, string>();
  const next = need === undefined ? undefined : lineFinder(segment, need);
  for (let start = 0; ; ) {
    const end = segment.indexOf(LINE_FEED, start);
    if (end < 0) return;
    const header = segment.toString('latin1', start, Math.min(end, start + HEADER_BYTES));
    const [prefix = '', kind, index = '', timestamp = '', ingestion = ''] = EVENT.exec(header) ?? [];
    const logStreamName = streams.get(index);
    if (kind !== undefined && logStreamName !== undefined) {
      const [offset, textStart] = [start, start + prefix.length];
      visitor.event({ logStreamName, timestampMs: Number(timestamp), ingestionMs: Number(ingestion) }, offset, () =>
        textOf(kind, segment.toString('utf8', textStart, end)),
      );
    } else if (header.startsWith('S ')) {
      const [, number = '', created = '', name = ''] = STREAM.exec(segment.toString('utf8', start, end)) ?? [];
      const parsed = parseText(name);
      if (parsed !== undefined) {
        streams.set(number, parsed);
        visitor.stream(parsed, Number(created));
      }
    }
    start = next?.(end) ?? end + 1;
  }
}

/** Finds the start of the next line to read, from the end of the one before, by a search of bytes. */
function lineFinder(segment: Buffer, need: string): (end: number) => number {
  const places = [STREAM_LINE, Buffer.from(need), UNICODE_ESCAPE].map((text) => ({ text, at: -1 }));
  return (end) => {
    for (const place of places) {
      if (place.at >= end) continue;
      const found = segment.indexOf(place.text, end);
      place.at = found < 0 ? segment.length : found;
    }
    return segment.lastIndexOf(LINE_FEED, Math.min(...places.map(({ at }) => at))) + 1;
  };
}

function textOf(kind: string, text: string): string {
  return kind === 'E' ? text : (parseText(text) ?? text);
}

function parseText(json: string): string | undefined {
  const parsed = parseJson(json);
  return typeof parsed === 'string' ? parsed : undefined;
}
