import { isUtf8 } from 'node:buffer';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { compactionOf } from '../../compact/compact-record.ts';
import type { Piece } from '../values/piece.ts';
import { deletedId, deletionOf } from './deletions.ts';
import { mayBeRounded, parseExact } from './exact-json.ts';
import { fromExtendedJson } from './extended-json.ts';
import type { Field } from './fields-by-name.ts';
import { messageName } from './messages.ts';
import { partsOf } from './parts.ts';
import { type Finding, tweetOf, tweetOfRow } from './tweets.ts';

/** What a piece of a text turns out to be. `data` is what to send. */
export type Judged =
  | {
      kind: 'tweet';
      id: string;
      data: Uint8Array;
      /** The tweet in a shape of X's API; `compact` makes what the pipeline uses of it. */
      record: JsonObject;
      compact: () => JsonObject;
      /** By which names its fields were found, where the shape is none of X's API. */
      fields?: ReadonlyMap<Field, string>;
    }
  | { kind: 'deletion'; id: string; data: Uint8Array }
  /** Nothing that the pipeline can use. The workflow puts `data` into quarantine; there may be none. */
  | { kind: 'unusable'; reason: string; data: Uint8Array }
  /** Something of X that is known to hold no tweets, by its name. Not for sending. */
  | { kind: 'other'; what: string };

/** A tweet, judged. */
export type JudgedTweet = Extract<Judged, { kind: 'tweet' }>;

const [openingBracket, openingBrace] = [0x5b, 0x7b];
/** Values inside each other: JSON in a text, that wraps a page, whose tweets are wrapped. */
const deepest = 4;

/** Judges the pieces of one text in their order. */
export class Judge {
  readonly #isRaw: boolean;
  #part: ArchivePart | undefined;
  #isInArchive = false;
  /** One value had a numeric id, so the next ones are likely to. */
  #isMostlyInexact = false;

  /** @param isRaw tweets are sent with all that they came with. */
  constructor(isRaw: boolean) {
    this.#isRaw = isRaw;
  }

  /** Whether what was judged is a part of X's own archive. */
  get isInArchive(): boolean {
    return this.#isInArchive;
  }

  judge(piece: Piece): Judged[] {
    switch (piece.kind) {
      case 'heading':
        this.#part = archivePart(piece.name);
        this.#isInArchive ||= /^(?:window\.YTD|Grailbird)\./.test(piece.name);
        return [];
      case 'broken':
        return this.#judgeJson(piece.bytes) ?? [{ kind: 'unusable', reason: piece.reason, data: piece.bytes }];
      case 'row':
        return this.#judgeJson(piece.bytes) ?? [this.#judgeRow(piece.fields, piece.bytes)];
      case 'value':
        if (typeof this.#part === 'object') return this.#judgeOther(this.#part, piece.value, piece.bytes);
        return this.#judgeValue(piece.value, piece.bytes);
    }
  }

  /** Tweets are read in whatever part they are, and nothing else is: it may be private. */
  #judgeOther({ other, isPrivate }: OtherPart, value: Json, bytes: Buffer): Judged[] {
    const inside = isJsonObject(value) && isJsonObject(value.tweet) ? value.tweet : value;
    const [only] = isPrivate || !isTweetOfArchive(inside) ? [] : this.#judgeValue(value, bytes);
    return [only?.kind === 'tweet' ? only : { kind: 'other', what: other }];
  }

  /** JSON that stands where a row of a table should. Undefined if it is none. */
  #judgeJson(bytes: Buffer): Judged[] | undefined {
    if ((bytes[0] !== openingBrace && bytes[0] !== openingBracket) || !isUtf8(bytes)) return undefined;
    try {
      const value: Json = JSON.parse(bytes.toString('utf8'));
      return this.#judgeValue(value, bytes);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #judgeValue(value: Json, bytes: Buffer): Judged[] {
    // Documents of MongoDB have an `_id`.
    const isExtended =
      isJsonObject(value) && value._id !== undefined && extendedNames.some((name) => bytes.includes(name));
    const read = (parsed: Json) => (isExtended ? fromExtendedJson(parsed) : parsed);
    const alone = isExtended ? undefined : bytes;
    // What is not sent as it came is written anew, and its numbers must not change.
    const isWritten = this.#isRaw && (isExtended || partsOf(value) !== undefined);
    const needsExact = isWritten || this.#isMostlyInexact;
    try {
      if (!needsExact) return this.#judgeParts(read(value), alone, { depth: deepest, isExact: false });
    } catch (error) {
      if (!(error instanceof InexactError)) throw error;
      this.#isMostlyInexact = true;
    }
    return this.#judgeParts(read(parseExact(bytes.toString('utf8'))), alone, { depth: deepest, isExact: true });
  }

  /** @param bytes of the value, if it stands alone. Throws {@link InexactError}. */
  #judgeParts(
    value: Json,
    bytes: Buffer | undefined,
    { depth, isExact }: { depth: number; isExact: boolean },
  ): Judged[] {
    const parts = depth === 0 ? undefined : partsOf(value);
    if (parts === undefined) return [this.#judgeOne(value, bytes, isExact)];
    return parts.flatMap((part) => this.#judgeParts(part, undefined, { depth: depth - 1, isExact }));
  }

  #judgeOne(value: Json, bytes: Buffer | undefined, isExact: boolean): Judged {
    if (!isJsonObject(value)) {
      return unusable(value === null ? 'null, not an object' : `a ${kindOf(value)}, not an object`, value, bytes);
    }
    const deletion = deletionOf(value);
    if (deletion?.kind === 'other-action') {
      return unusable(
        `a compliance result with the action ${JSON.stringify(deletion.action.slice(0, 40))}`,
        value,
        bytes,
      );
    }
    if (deletion !== undefined) {
      if (mayBeRounded(deletion.id) && !isExact) throw new InexactError();
      const id = deletedId(deletion);
      return id === undefined
        ? unusable('a delete notice without an id', value, bytes)
        : this.#deletion(id, value, bytes);
    }
    const finding = tweetOf(value);
    switch (finding.kind) {
      case 'inexact':
        // A number that is left was written with a fraction or an exponent.
        if (isExact) return unusable('an id that is rounded', value, bytes);
        throw new InexactError();
      case 'none': {
        const message = messageName(value);
        return unusable(message === undefined ? finding.reason : `X's message "${message}"`, value, bytes);
      }
      case 'tweet':
        if (this.#part === 'deleted tweets') return this.#deletion(finding.id, value, bytes);
        return this.#tweet(finding, bytes);
    }
  }

  #judgeRow(fields: ReadonlyMap<string, string>, bytes: Buffer): Judged {
    const finding = tweetOfRow(fields);
    return finding.kind === 'tweet'
      ? this.#tweet(finding, undefined)
      : { kind: 'unusable', reason: finding.kind === 'none' ? finding.reason : 'an id that is rounded', data: bytes };
  }

  #tweet({ id, record, compact, isAsItCame, fields }: Tweet, bytes: Buffer | undefined): Judged {
    const raw = () => (isAsItCame && bytes !== undefined ? bytes : Buffer.from(JSON.stringify(record)));
    const data = this.#isRaw ? raw() : Buffer.from(JSON.stringify(compact()));
    return { kind: 'tweet', id, data, record, compact, ...(fields === undefined ? {} : { fields }) };
  }

  /** Sent as a notice of API v1.1, which every version of the workflow knows. */
  #deletion(id: string, value: JsonObject, bytes: Buffer | undefined): Judged {
    const notice = { delete: { status: { id_str: id } } };
    const isAsItCame =
      this.#isRaw && bytes !== undefined && isJsonObject(value.delete) && compactionOf(value) !== undefined;
    return { kind: 'deletion', id, data: isAsItCame ? bytes : Buffer.from(JSON.stringify(notice)) };
  }
}

/** Thrown for a value that has an id among its numbers: it must be parsed exactly. */
class InexactError extends Error {
  override readonly name = 'InexactError';
}

type Tweet = Extract<Finding, { kind: 'tweet' }>;

const extendedNames = ['"$oid"', '"$date"', '"$numberLong"'];

/**
 * As it came, so that the workflow puts it into quarantine. What the workflow would take for a tweet, because it has an
 * id, is wrapped.
 */
function unusable(reason: string, value: Json, bytes: Buffer | undefined): Judged {
  const isTakenForTweet = isJsonObject(value) && compactionOf(value) !== undefined;
  if (isTakenForTweet) {
    return { kind: 'unusable', reason, data: Buffer.from(JSON.stringify({ unusable: reason, record: value })) };
  }
  return { kind: 'unusable', reason, data: bytes ?? Buffer.from(JSON.stringify(value)) };
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

/** A part of X's own archive: tweets, deleted tweets, or the name of another one. */
type ArchivePart = 'tweets' | 'deleted tweets' | OtherPart;
type OtherPart = { other: string; isPrivate: boolean };

const privateParts = /^(?:direct_message\w*|likes?|(?:deleted_)?note_tweets?|grok_\w+)$/;

/** Parts of X's archives, by what is assigned: `window.YTD.<name>.part0`; before 2018 `Grailbird.data.tweets_…`. */
function archivePart(assigned: string): ArchivePart {
  const [, part] = /^window\.YTD\.(\w+)\.part\d+$/.exec(assigned) ?? [];
  if (part === undefined)
    return /^(?:window\.__THAR_CONFIG|\w+_details|tweet_index)$/.test(assigned)
      ? { other: assigned, isPrivate: true }
      : 'tweets';
  if (/^deleted_tweets?$/.test(part)) return 'deleted tweets';
  if (/^(?:community_)?tweets?$/.test(part)) return 'tweets';
  return { other: assigned.slice(0, 80), isPrivate: privateParts.test(part) };
}

/** Whether a value has the form that tweets have in the archive; strict, since other parts have ids and texts too. */
function isTweetOfArchive(value: Json): boolean {
  if (!isJsonObject(value) || typeof value.id_str !== 'string' || value.deleted_at !== undefined) return false;
  return typeof value.full_text === 'string' || typeof value.text === 'string';
}
