/** Price of one post read in US dollars, pay per use, as X's developer console listed it in 2026-08. */
export const defaultPricePerRead = 0.005;

/** Month of {@link defaultPricePerRead}. */
export const defaultPriceDate = '2026-08';

/**
 * What the posts of a stream cost so far, at a price per post. An estimate from above and from below: X charges the
 * same post only once per UTC day, and does not say what it charges for the authors and referenced posts that come
 * along.
 */
export class ReadCost {
  readonly pricePerRead: number;
  #posts = 0;

  /** @param pricePerRead US dollars, 0 or more. */
  constructor(pricePerRead: number) {
    this.pricePerRead = pricePerRead;
  }

  /** Another post was delivered. Whether it is of use does not matter to X. */
  add(): void {
    this.#posts += 1;
  }

  get posts(): number {
    return this.#posts;
  }

  /** US dollars, without the rounding errors of a sum. */
  get dollars(): number {
    return Number((this.#posts * this.pricePerRead).toFixed(6));
  }

  /** The whole sentence, with the price and what is not in it. */
  explained(): string {
    const posts = this.#posts === 1 ? '1 post' : `${this.#posts.toLocaleString('en-US')} posts`;
    const price =
      this.pricePerRead === defaultPricePerRead
        ? `${this.pricePerRead} USD each, the price of ${defaultPriceDate} (--price-per-read)`
        : `${this.pricePerRead} USD each`;
    return `Read ${posts} from X for ${this}: ${price}. X's developer console has the bill.`;
  }

  /** `about 6.17 USD`; as many digits as a small amount needs. */
  toString(): string {
    const { dollars } = this;
    return `about ${dollars.toFixed(dollars > 0 && dollars < 1 ? 3 : 2)} USD`;
  }
}
