import { createHash } from 'node:crypto';

import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import { hashtagsByRank } from '../generate/hashtags.ts';
import { zipf } from '../generate/zipf.ts';
import { partitionKeyOf } from '../partition-key.ts';
import type { Source, StreamRecord } from '../record.ts';
import { DraftWriter, pick } from '../sample/draft.ts';
import { malformed } from '../sample/malformed.ts';
import { deleteNotice, shapes } from '../sample/shapes.ts';
import { type Language, languages } from '../sample/vocabulary.ts';

/**
 * Parameters of the generator. The same options always give the same bytes in the same order. Shares are of all
 * records, each 0-1, together at most 1.
 */
export interface GenerateOptions {
  /** 0-4294967295, default 2026. Different seeds share no tweet id. */
  seed?: number;
  /** Exponent of the hashtags' Zipf distribution, 0-5, default 1; 0 uses all equally. */
  skew?: number;
  /** Number of distinct hashtags, 1-1000000, default 10000. */
  hashtags?: number;
  /** Codes of languages; default all. */
  languages?: readonly string[];
  /** Share of new tweets that are retweets, 0-1; default 0.3. */
  retweets?: number;
  /** Duplicates of earlier records; default 0.02. */
  duplicates?: number;
  /** Delete notices for earlier tweets; default 0.02. */
  deletions?: number;
  /** Records that must end in quarantine; default 0.005. */
  malformed?: number;
}

/** The defaults of all options. */
export const generateDefaults: Required<GenerateOptions> = {
  seed: 2026,
  skew: 1,
  hashtags: 10_000,
  languages: languages.map(({ code }) => code),
  retweets: 0.3,
  duplicates: 0.02,
  deletions: 0.02,
  malformed: 0.005,
};

/** Number of recent tweets that duplicates and delete notices refer to. */
const recentTweets = 500;

const retweetShapes = Object.keys(shapes).filter((shape) => shape.includes(' retweet'));
// Not used: a tweet without entities means one thing in its compact form and another in its raw form.
const plainShapes = Object.keys(shapes).filter(
  (shape) => !shape.includes(' retweet') && shape !== 'v1.1 without entities',
);

/** An endless source of generated tweets. Throws RangeError for options out of bounds. */
export function generateSource(options: GenerateOptions = {}): Source {
  const chosen = { ...generateDefaults, ...options };
  check(chosen);
  return {
    isEndless: true,
    *records(signal) {
      for (const record of generated(chosen)) {
        if (signal?.aborted) return;
        yield record;
      }
    },
  };
}

function* generated(options: Required<GenerateOptions>): Generator<StreamRecord> {
  const random = seededRandom(options.seed);
  const writer = writerOf(options, random);
  const recent: { id: string; record: StreamRecord }[] = [];
  for (;;) {
    let chance = random.next();
    const falls = (share: number) => {
      chance -= share;
      return chance < 0;
    };
    const index = Math.floor(random.next() * recent.length);
    const earlier = recent[index];
    if (falls(options.malformed)) yield malformedRecord(writer, random);
    else if (falls(options.duplicates) && earlier !== undefined) yield earlier.record;
    else if (falls(options.deletions) && earlier !== undefined) {
      recent.splice(index, 1);
      const { author, atMs } = writer.draft(earlier.id);
      yield { partitionKey: earlier.id, data: encode(deleteNotice(earlier.id, author, atMs)) };
    } else {
      const tweet = newTweet(writer, random, options.retweets);
      recent.push(tweet);
      if (recent.length > recentTweets) recent.shift();
      yield tweet.record;
    }
  }
}

function writerOf({ seed, skew, hashtags, languages: codes }: Required<GenerateOptions>, random: Random): DraftWriter {
  const name = createHash('sha256').update(`generate ${seed}`).digest('hex').slice(0, 20);
  const idPrefix = String(100_000_000_000n + (BigInt(`0x${name}`) % 900_000_000_000n));
  const [rank, hashtagOf] = [zipf(hashtags, skew), hashtagsByRank(languagesOf(codes))];
  return new DraftWriter(random, idPrefix, '', {
    languages: languagesOf(codes),
    hashtag: (chance) => hashtagOf(rank(chance)),
  });
}

function newTweet(writer: DraftWriter, random: Random, retweets: number) {
  const shape = shapes[pick(random, random.next() < retweets ? retweetShapes : plainShapes)];
  if (shape === undefined) throw new RangeError('There is no such shape.');
  const id = writer.id();
  const { record } = shape({ draft: writer.draft(id), other: writer.draft(), decoys: writer.decoys() });
  return { id, record: { partitionKey: id, data: encode(record) } };
}

function malformedRecord(writer: DraftWriter, random: Random): StreamRecord {
  const { content } = pick(random, Object.values(malformed))(writer.draft(), writer.decoys());
  const data = content instanceof Uint8Array ? content : encode(content);
  return { partitionKey: partitionKeyOf(data), data };
}

function languagesOf(codes: readonly string[]): Language[] {
  return codes.map((code) => {
    const language = languages.find((some) => some.code === code);
    if (language === undefined) {
      throw new RangeError(`There is no language ${code}; there are ${generateDefaults.languages.join(', ')}.`);
    }
    return language;
  });
}

function check(options: Required<GenerateOptions>): void {
  languagesOf(options.languages);
  if (options.languages.length === 0) throw new RangeError('At least one language is needed.');
  const { duplicates, deletions, malformed: bad } = options;
  if (duplicates + deletions + bad > 1) {
    throw new RangeError(
      `The shares of duplicates, deletions and malformed records are ${duplicates + deletions + bad} together, but must be at most 1.`,
    );
  }
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
