import type { Json } from '@tweet-pipes/kit/json';

/**
 * A piece of a text. Every byte of the text is in exactly one of its pieces, but for what separates them. `line` is the
 * one where it begins, from 1.
 */
export type Piece =
  /** A JSON value, alone or as an element of an array. */
  | { kind: 'value'; line: number; bytes: Buffer; value: Json }
  /** A row of a table, by the names of its columns. */
  | { kind: 'row'; line: number; bytes: Buffer; fields: ReadonlyMap<string, string> }
  /** What JavaScript assigns the values behind it to, as in X's own archive: `window.YTD.tweets.part0`. */
  | { kind: 'heading'; line: number; name: string }
  /** What cannot be read, and why. Its bytes are left out if they are more than a piece may have. */
  | { kind: 'broken'; line: number; bytes: Buffer; reason: string };

/** A text that is split as its bytes come. */
export interface Splitter {
  /** The pieces that are complete now. */
  push(chunk: Buffer): Iterable<Piece>;
  /** The pieces that the end of the text completes. */
  end(): Iterable<Piece>;
}

/** A longer piece is not kept. A page of API v2 has up to a few megabytes. */
export const largestPieceBytes = 16 * 1024 ** 2;
