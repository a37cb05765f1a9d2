/** A value, or the reason why it is not known. What is not known is never shown as 0. */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  /** `why` is a sentence without the full stop. */
  | { readonly known: false; readonly why: string };

/** Something that is wrong. The shape of `GET /_health`. */
export interface Problem {
  /** The part and the resource: `pipe TweetPipes-Ingest`. */
  readonly what: string;
  /** What is wrong, without the content of records. */
  readonly why: string;
  /** The remedy, a sentence. */
  readonly do: string;
}
