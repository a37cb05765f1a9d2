import type { Hashtag, Language } from '../sample/vocabulary.ts';

/** Any number of distinct hashtags by rank: first those of the languages in turn, then the same with a number. */
export function hashtagsByRank(languages: readonly Language[]): (rank: number) => Hashtag {
  const longest = Math.max(...languages.map(({ hashtags }) => hashtags.length));
  const base = new Map<string, Hashtag>();
  for (let index = 0; index < longest; index += 1) {
    for (const { hashtags } of languages) {
      const hashtag = hashtags[index];
      if (hashtag !== undefined && !base.has(hashtag.folded)) base.set(hashtag.folded, hashtag);
    }
  }
  const own = [...base.values()];
  return (rank) => {
    const hashtag = own[rank % own.length];
    if (hashtag === undefined) throw new RangeError('There is no language to take hashtags from.');
    const round = Math.floor(rank / own.length);
    if (round === 0) return hashtag;
    const suffix = `_${round + 1}`;
    return { folded: hashtag.folded + suffix, spellings: hashtag.spellings.map((spelling) => spelling + suffix) };
  };
}
