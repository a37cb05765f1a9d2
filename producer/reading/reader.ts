import type { Bytes } from './containers/bytes.ts';
import type { Judged, JudgedTweet } from './records/judge.ts';

/** Reads a text. */
export interface Reader {
  /** Whether the start of the text, in UTF-8, is enough to read it. */
  isEnough(head: Buffer): boolean;
  /** @param head the start of the text. Throws if it is none that can be read here. */
  read(head: Buffer, bytes: Bytes): Reading;
}

/** What a text gives. */
export interface Reading {
  /** In batches, as the bytes come; an item is made when it is asked for. */
  items: AsyncIterable<Iterable<Item>>;
  /** `it looks like …`, for the case that nothing in it can be used; if it has a known form, its records tell. */
  likeness?: string;
  /** `it has …`, for the case that it has no items and is not blank. */
  emptiness?: string;
  /** Whether it is a part of X's own archive, as far as it was read. */
  isPartOfArchive?(): boolean;
  /** How the fields of a tweet were found, one a line. */
  explain?(tweet: JudgedTweet): readonly string[];
}

/** Something that begins in a line of a text. */
export interface Item {
  /** From 1. */
  line: number;
  judged: Judged;
}
