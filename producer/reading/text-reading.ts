import { messageOf } from '@tweet-pipes/kit/thrown';
import { partitionKeyOf } from '../partition-key.ts';
import { largestRecordBytes, type StreamRecord, sizeOf } from '../record.ts';
import { SourceBrokenError } from '../sources/source-broken-error.ts';
import { peek } from './containers/bytes.ts';
import type { Content } from './containers/contents.ts';
import type { Item, Reader, Reading } from './reader.ts';
import type { ReadingTally, Unreadable } from './reading-tally.ts';
import type { Judged, JudgedTweet } from './records/judge.ts';
import { decoded, encodingHeadBytes, guessedEncoding } from './text/encoding.ts';

/** How many unusable records a text may begin with. They are kept until a usable one comes; with more it is refused. */
const mostHeld = { records: 1_000, bytes: 4 * 1024 ** 2 };

/** What {@link TextReading} needs beside the text. */
interface Surroundings {
  /** The path that was given: the file, or a folder that it is in. */
  given: string;
  tally: ReadingTally;
  unreadable: Unreadable;
  encoding: string | undefined;
}

/**
 * Reads one text and counts what it gives. Nothing is given before the first tweet or delete notice: a text without one
 * is refused.
 */
export class TextReading {
  readonly #content: Content;
  readonly #around: Surroundings;
  readonly #gate = new Gate();
  #reading: Reading | undefined;
  #nameEncoding = (judged: Judged): Judged => judged;
  #line = 0;
  #problem: string | undefined;
  /** Whether the text was read to its end. */
  #isRead = false;
  #isBlank = true;
  #otherPart: string | undefined;

  constructor(content: Content, around: Surroundings) {
    this.#content = content;
    this.#around = around;
    if (content.kind === 'closed') this.#problem = content.reason;
  }

  /** What the text holds. Throws what its container throws, and if it cannot be read. */
  async *items(reader: Reader): AsyncGenerator<Iterable<Item>> {
    if (this.#content.kind === 'closed') return;
    const { head, bytes } = await peek(this.#content.bytes, (start) => start.length >= encodingHeadBytes);
    const text = decoded(head, bytes, this.#around.encoding);
    this.#nameEncoding = encodingNamer(text.encoding);
    const start = await peek(text.bytes, reader.isEnough);
    this.#isBlank = start.head.toString('latin1').trim() === '';
    this.#reading = reader.read(start.head, start.bytes);
    yield* this.#reading.items;
    this.#isRead = true;
  }

  /** The records of items, to be read in their order. Counts each when it is read. */
  *usable(items: Iterable<Item>): Generator<StreamRecord> {
    const { tally } = this.#around;
    for (const item of items) {
      this.#line = item.line;
      const judged = this.#nameEncoding(item.judged);
      switch (judged.kind) {
        case 'other':
          tally.addOther(judged.what);
          this.#otherPart ??= judged.what;
          break;
        case 'unusable':
          if (this.#gate.isOpen) yield* this.#unusable(judged, this.#place);
          else if (!this.#gate.hold(judged, this.#place)) {
            throw new Error(`there is no tweet among its first ${mostHeld.records} values, ${this.#likeness}`);
          }
          break;
        case 'tweet':
        case 'deletion':
          if (!this.#gate.isOpen) for (const held of this.#gate.open()) yield* this.#unusable(held.judged, held.place);
          tally.markUsed(this.#around.given);
          if (judged.kind === 'deletion') tally.addDeletion();
          else tally.addTweet(() => this.#explained(judged));
          yield recordOf(judged.id, judged.data, this.#place);
      }
    }
  }

  /** Takes note of an error of {@link items} or {@link usable}, or throws it if the whole source is to stop. */
  failed(error: unknown): void {
    if (error instanceof SourceBrokenError) throw error;
    this.#problem = messageOf(error);
  }

  /** Skips what was not read, and counts the text if it gave nothing or not everything. */
  async end(): Promise<void> {
    if (this.#content.kind === 'text') await this.#content.bytes.return(undefined);
    const { tally, given } = this.#around;
    const { path } = this.#content;
    if (this.#reading?.isPartOfArchive?.()) tally.markArchiveOfX(given);
    if (this.#problem !== undefined) {
      if (this.#content.kind === 'closed' && this.#content.isPartlyRead) tally.addBrokenOff(path, this.#problem);
      else if (this.#gate.isOpen) tally.addBrokenOff(this.#place, this.#problem);
      else
        tally.addRefused(given, path, this.#problem, this.#content.kind === 'closed' && this.#content.isOther === true);
    } else if (this.#gate.isHolding) {
      const isOther = this.#reading?.isPartOfArchive?.() !== true;
      tally.addRefused(given, path, `there is no tweet and no delete notice in it, ${this.#refusal}`, isOther);
    } else if (this.#isRead && !this.#gate.isOpen) {
      if (this.#otherPart !== undefined) tally.addOtherPart(given, path, `it holds ${this.#otherPart}, and no tweets`);
      else tally.addRefused(given, path, this.#emptiness, true);
    }
  }

  get #place(): string {
    return `${this.#content.path}:${this.#line}`;
  }

  /** What a text looks like that gave nothing at all. */
  get #emptiness(): string {
    if (this.#isBlank) return 'it is empty';
    return this.#reading?.emptiness ?? 'there is no tweet and no delete notice in it';
  }

  /** What the text looks like; where it has records, how they can be sent all the same. */
  get #refusal(): string {
    const { unreadable } = this.#around;
    if (unreadable !== 'send' || this.#reading?.likeness !== undefined) return this.#likeness;
    return `${this.#likeness}. To send it for quarantine all the same, put a tweet into the file`;
  }

  get #likeness(): string {
    return this.#reading?.likeness ?? this.#gate.mostFrequent();
  }

  *#unusable({ reason, data }: Unusable, place: string): Generator<StreamRecord> {
    const { tally, unreadable } = this.#around;
    if (unreadable === 'stop') throw new SourceBrokenError(place, new Error(`${reason}; nothing after it was read`));
    const record =
      unreadable === 'send' && data.byteLength > 0 ? recordOf(partitionKeyOf(data), data, place) : undefined;
    // What is too large is counted and named by who sends it.
    if (record?.place === undefined) tally.addUnreadable(reason, place, record !== undefined);
    if (record !== undefined) yield record;
  }

  #explained(tweet: JudgedTweet): string[] {
    const explained = this.#reading?.explain?.(tweet);
    return explained === undefined ? [] : [`The first tweet, at ${this.#place}:`, ...explained];
  }
}

function recordOf(partitionKey: string, data: Uint8Array, place: string): StreamRecord {
  const record = { partitionKey, data };
  return sizeOf(record) > largestRecordBytes ? { ...record, place } : record;
}

type Unusable = Extract<Judged, { kind: 'unusable' }>;

/** Puts the encoding into the reason why bytes are no text. That of UTF-8 is guessed, once for each text. */
function encodingNamer(encoding: string): (judged: Judged) => Judged {
  let reason = encoding === 'utf-8' ? undefined : `not ${encoding}`;
  return (judged) => {
    if (judged.kind !== 'unusable' || judged.reason !== 'not UTF-8') return judged;
    if (reason === undefined) {
      const guess = guessedEncoding(judged.data);
      reason =
        guess === undefined ? 'not UTF-8' : `not UTF-8, but perhaps ${guess}, which \`--encoding ${guess}\` reads`;
    }
    return { ...judged, reason };
  };
}

/** Keeps what cannot be used until something can. */
class Gate {
  isOpen = false;
  #held: { judged: Unusable; place: string }[] = [];
  #bytes = 0;

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** False if there is no room. */
  hold(judged: Unusable, place: string): boolean {
    if (this.#held.length >= mostHeld.records || this.#bytes >= mostHeld.bytes) return false;
    this.#held.push({ judged, place });
    this.#bytes += judged.data.byteLength;
    return true;
  }

  /** What was kept. */
  open(): { judged: Unusable; place: string }[] {
    const held = this.#held;
    this.isOpen = true;
    this.#held = [];
    return held;
  }

  /** What is kept, by the most frequent reason why it cannot be used. */
  mostFrequent(): string {
    const counts = new Map<string, number>();
    for (const { judged } of this.#held) counts.set(judged.reason, (counts.get(judged.reason) ?? 0) + 1);
    const [[reason, count] = ['nothing', 0]] = [...counts].sort(([, a], [, b]) => b - a);
    return `but ${count} × ${reason}`;
  }
}
