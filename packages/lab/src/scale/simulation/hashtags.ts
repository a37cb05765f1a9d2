/** Average number of distinct hashtags in n tweets: Σ 1 − (1 − pᵢ)ⁿ over Zipf frequencies. Memoized by n. */
export class DistinctHashtags {
  readonly #probabilities: Float64Array;
  readonly #perTweet: number;
  readonly #known = new Map<number, number>();

  constructor({
    differentHashtags,
    zipfExponent,
    hashtagsPerTweet,
  }: { differentHashtags: number; zipfExponent: number; hashtagsPerTweet: number }) {
    this.#probabilities = Float64Array.from({ length: differentHashtags }, (_, rank) => (rank + 1) ** -zipfExponent);
    const sum = this.#probabilities.reduce((total, each) => total + each, 0);
    for (const [rank, weight] of this.#probabilities.entries()) this.#probabilities[rank] = weight / sum;
    this.#perTweet = hashtagsPerTweet;
  }

  /** The average for `tweets` tweets, rounded. */
  in(tweets: number): number {
    const known = this.#known.get(tweets);
    if (known !== undefined) return known;
    const draws = tweets * this.#perTweet;
    const expected = this.#probabilities.reduce((total, p) => total + 1 - (1 - p) ** draws, 0);
    const distinct = Math.round(expected);
    this.#known.set(tweets, distinct);
    return distinct;
  }
}
