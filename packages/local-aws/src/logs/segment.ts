import { parseJson } from '@tweet-pipes/kit/json';

/**
 * A segment is a text file. `S <index> <created> <JSON name>` names a stream of the segment, and each event is a line
 * `E <index> <timestamp> <ingestion> <message>`. A message with a line break is JSON in a line that begins with `J`.
 * Times are milliseconds since the epoch. A last line without a line break was cut short by a kill and does not count.
 */
const LINE_FEED = 10;
/** Longer than the fields before a message. */
const HEADER_BYTES = 64;
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

/** Reads a segment. Lines that are no lines of a segment are left out. */
export function visitSegment(segment: Buffer, visitor: SegmentVisitor): void {
  const streams = new Map<string, string>();
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
    start = end + 1;
  }
}

function textOf(kind: string, text: string): string {
  return kind === 'E' ? text : (parseText(text) ?? text);
}

function parseText(json: string): string | undefined {
  const parsed = parseJson(json);
  return typeof parsed === 'string' ? parsed : undefined;
}
