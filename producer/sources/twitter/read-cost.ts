import { plural } from '@tweet-pipes/kit/wording';

/** Price of reading one post in US dollars, pay per use, from X's developer console in 2026-08. */
export const defaultPricePerRead = 0.005;

/** Month of {@link defaultPricePerRead}. */
export const defaultPriceDate = '2026-08';

/**
 * The cost of a stream's posts so far, at a price per post. It is an estimate: X charges a post once per UTC day, and
 * does not document what it charges for included authors and referenced posts.
 */
export class ReadCost {
  readonly pricePerRead: number;
  #posts = 0;

  /** @param pricePerRead US dollars, 0 or more. */
  constructor(pricePerRead: number) {
    this.pricePerRead = pricePerRead;
  }

  /** Adds a delivered post. X charges for it whether or not it is used. */
  add(): void {
    this.#posts += 1;
  }

  get posts(): number {
    return this.#posts;
  }

  /** US dollars. */
  get dollars(): number {
    return Number((this.#posts * this.pricePerRead).toFixed(6));
  }

  /** A sentence with the price. */
  explained(): string {
    const price =
      this.pricePerRead === defaultPricePerRead
        ? `${this.pricePerRead} USD each, the price of ${defaultPriceDate} (--price-per-read)`
        : `${this.pricePerRead} USD each`;
    return `Read ${plural(this.#posts, 'post')} from X for ${this}: ${price}. X's developer console has the bill.`;
  }

  /** `about 6.17 USD`; three decimals below 1 USD. */
  toString(): string {
    const { dollars } = this;
    return `about ${dollars.toFixed(dollars > 0 && dollars < 1 ? 3 : 2)} USD`;
  }
}
