import type { Random } from '@tweet-pipes/kit/random';
import { busLine, emoji, type Hashtag, type Language, languages } from './vocabulary.ts';

/** The content of a tweet, before it gets the shape of an API version. */
export interface Draft {
  id: string;
  author: Person;
  atMs: number;
  language: Language;
  text: string;
  tags: Tag[];
}

/** The author of a tweet. */
export interface Person {
  id: string;
  name: string;
}

/** A hashtag in a text. */
export interface Tag {
  /** As written, without `#`. */
  spelling: string;
  folded: string;
  /** UTF-16 offset of its `#`. */
  start: number;
}

/** The languages and hashtags that a writer chooses from. */
export interface Taste {
  languages: readonly Language[];
  /** Draws a hashtag for a text in the language. */
  hashtag(random: Random, language: Language): Hashtag;
}

/** Languages at equal rates; mostly a language's own hashtags, the first ones most often, and some of a long tail. */
const sampleTaste: Taste = {
  languages,
  hashtag(random, { hashtags }) {
    if (random.next() < 0.12) return busLine(1 + Math.floor(random.next() ** 2 * 300));
    const rank = Math.floor(random.next() ** 2 * hashtags.length);
    return hashtags[rank] ?? pick(random, hashtags);
  },
};

/** Writes drafts. Writers with different prefixes share no id, writers with different suffixes no hashtag. */
export class DraftWriter {
  readonly #random: Random;
  readonly #idPrefix: string;
  readonly #hashtagSuffix: string;
  readonly #taste: Taste;
  #drafts = 0;

  /** @param idPrefix 12 digits. @param hashtagSuffix in lower case, added to every hashtag; may be empty. */
  constructor(random: Random, idPrefix: string, hashtagSuffix: string, taste: Taste = sampleTaste) {
    this.#random = random;
    this.#idPrefix = idPrefix;
    this.#hashtagSuffix = hashtagSuffix;
    this.#taste = taste;
  }

  /** A fresh tweet id: 19 digits, more than a JavaScript number holds exactly. */
  id(): string {
    this.#drafts += 1;
    return `${this.#idPrefix}${String(this.#drafts).padStart(7, '0')}`;
  }

  /** A tweet in any language with 0 to 4 hashtags, sometimes one of them twice in different spellings. */
  draft(id: string = this.id()): Draft {
    const language = pick(this.#random, this.#taste.languages);
    const hashtags = Array.from({ length: this.#hashtagCount() }, () => this.#taste.hashtag(this.#random, language));
    const first = hashtags[0];
    if (first && this.#random.next() < 0.1) hashtags.push(first);
    const { text, tags } = this.#compose(language, hashtags);
    const user = 1 + Math.floor(this.#random.next() ** 2 * 400);
    const author = { id: `2${String(user).padStart(9, '0')}`, name: `sample_${user}` };
    return { id, author, atMs: Date.UTC(2026, 0, 5) + this.#drafts * 1370, language, text, tags };
  }

  /** Hashtags that must not be counted, for members that the workflow must not read. */
  decoys(): Tag[] {
    return [{ spelling: `NotCounted${this.#hashtagSuffix}`, folded: `notcounted${this.#hashtagSuffix}`, start: 0 }];
  }

  #hashtagCount(): number {
    const chance = this.#random.next();
    return chance < 0.12 ? 0 : chance < 0.55 ? 1 : chance < 0.82 ? 2 : chance < 0.95 ? 3 : 4;
  }

  #compose(language: Language, hashtags: readonly Hashtag[]): { text: string; tags: Tag[] } {
    const tags: Tag[] = [];
    let text = '';
    const addWords = () => {
      for (let words = 2 + Math.floor(this.#random.next() * 9); words > 0; words -= 1) {
        text += pick(this.#random, language.words) + (words > 1 ? language.separator : '');
      }
    };
    addWords();
    for (const hashtag of hashtags) {
      const beside = this.#random.next() < 0.3 ? pick(this.#random, emoji) : '';
      text += ` ${beside}`;
      const spelling = pick(this.#random, hashtag.spellings) + this.#hashtagSuffix;
      tags.push({ spelling, folded: hashtag.folded + this.#hashtagSuffix, start: text.length });
      text += `#${spelling}${this.#random.next() < 0.3 ? pick(this.#random, emoji) : ''} `;
      addWords();
    }
    return { text, tags };
  }
}

/** One of `choices`, at equal chances. Throws RangeError if there is none. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random.next() * choices.length)];
  if (choice === undefined) throw new RangeError('There is nothing to choose from.');
  return choice;
}
