/**
 * Where a record is in a Kinesis stream, as one sortable text: `<shard id>:<length><sequence number>`, the length of
 * the sequence number in three digits, as in `shardId-000000000001:05649591…`. Of two positions of one shard the
 * smaller text is the earlier record, because a decimal number with fewer digits is the smaller one. Positions of
 * different shards have no order. Design: docs/adr/0025.
 *
 * Pipes writes the same two values as `<shard id>:<sequence number>`, the event id, which does not sort. The workflow
 * makes the position of it (`ReadRecords` in statemachines/ingest). Everything that is stored as `record`
 * and every high-water mark is made of positions.
 *
 * @module
 */

/** The parts of a position. */
export interface Position {
  shardId: string;
  /** Decimal digits. */
  sequence: string;
}

const lengthDigits = 3;

/** The position of a record by its shard and sequence number. */
export function formatPosition(shardId: string, sequence: string): string {
  return `${shardId}:${String(sequence.length).padStart(lengthDigits, '0')}${sequence}`;
}

/** The parts of a position; undefined for any other text. */
export function parsePosition(text: string): Position | undefined {
  const [, shardId, value = ''] = /^(shardId-\d+):(\d+)$/.exec(text) ?? [];
  const sequence = orderedSequence(value);
  return shardId === undefined || sequence === undefined ? undefined : { shardId, sequence };
}

/** The shard's id, `shardId-…`. Throws RangeError for a text that is no position. */
export function shardOf(position: string): string {
  return parsed(position).shardId;
}

/** The sequence number in decimal digits. Throws RangeError for a text that is no position. */
export function sequenceOf(position: string): string {
  return parsed(position).sequence;
}

/**
 * The event id that Pipes gives to the record, `<shard id>:<sequence number>`. Throws RangeError as {@link shardOf}.
 */
export function eventIdOf(position: string): string {
  const { shardId, sequence } = parsed(position);
  return `${shardId}:${sequence}`;
}

/** The position of an event id of Pipes, `<shard id>:<sequence number>`; undefined for any other text. */
export function positionOfEvent(eventId: string): string | undefined {
  const [, shardId, sequence] = /^(shardId-\d+):(\d+)$/.exec(eventId) ?? [];
  return shardId === undefined || sequence === undefined ? undefined : formatPosition(shardId, sequence);
}

/** Whether both texts are positions of one shard, and the first is the earlier one. */
export function precedes(first: string, second: string): boolean {
  const [before, after] = [parsePosition(first), parsePosition(second)];
  return before !== undefined && before.shardId === after?.shardId && first < second;
}

/**
 * Where the item of a hashtag keeps a shard's high-water mark: the attribute `s` and the shard number in base 36,
 * `s1a`. Short, because an item over 1 KB costs a second write unit. Throws SyntaxError for a shard id without a
 * number.
 */
export function highWaterMarkName(shardId: string): string {
  return `s${BigInt(shardId.slice(shardId.indexOf('-') + 1)).toString(36)}`;
}

/**
 * The part of a position after the shard, which is what the high-water mark of a hashtag holds. It sorts as the
 * sequence numbers do, also across shards: those of a child are higher than those of its parents.
 */
export function sortableSequence(position: string): string {
  return position.slice(position.lastIndexOf(':') + 1);
}

/** Whether an attribute of a hashtag's item is a high-water mark by its name. */
export function isHighWaterMarkName(name: string): boolean {
  return /^s[0-9a-z]+$/.test(name);
}

/** Whether an attribute of a hashtag's item is a high-water mark by its name and its value. */
export function isHighWaterMark(name: string, value: unknown): value is string {
  return isHighWaterMarkName(name) && typeof value === 'string' && orderedSequence(value) !== undefined;
}

function parsed(text: string): Position {
  const position = parsePosition(text);
  if (position === undefined) throw new RangeError(`No position in a stream: ${text}`);
  return position;
}

/** The sequence number behind its length; undefined for any other text. */
function orderedSequence(text: string): string | undefined {
  const sequence = text.slice(lengthDigits);
  return /^\d{4,}$/.test(text) && Number(text.slice(0, lengthDigits)) === sequence.length ? sequence : undefined;
}
