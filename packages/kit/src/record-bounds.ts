/**
 * What the workflow accepts of a tweet (docs/records.md, "Input records"). Lengths are in code points, as JSONata's
 * `$length` counts them. statemachines/ingest/check-records.jsonata holds the same numbers.
 */
export const recordBounds = {
  idLength: 64,
  hashtagLength: 512,
  /** Entries of the list, however often a hashtag is in it. */
  listedHashtags: 10_000,
  /** Different hashtags in lower case. */
  hashtags: 1_500,
} as const;

/** Whether a text has at most `codePoints` of them. Looks at no more of a long text than it must. */
export function hasAtMost(text: string, codePoints: number): boolean {
  return text.length <= codePoints || (text.length <= 2 * codePoints && [...text].length <= codePoints);
}
