import type { JsonObject } from '@tweet-pipes/kit/json';
import { hashtagsOf } from './post.ts';

/** Which posts are wanted. */
export interface PostFilter {
  /**
   * A post that holds any of them is wanted; none: every post. `#word` is a hashtag, anything else stands in the text.
   */
  keywords: readonly string[];
  /** Languages such as `en` or `pt-BR`; `en` includes `en-GB`. A post in any of them is wanted; none: every post. */
  langs: readonly string[];
}

/** Decides by a post's record whether it is wanted. */
export function wantedPosts({ keywords, langs }: PostFilter): (record: JsonObject) => boolean {
  const hashtags = new Set(keywords.filter(isHashtag).map((keyword) => folded(keyword.slice(1))));
  const inText = keywords.filter((keyword) => !isHashtag(keyword)).map(patternOf);
  const languages = langs.map((lang) => lang.toLowerCase());
  return (record) => {
    if (languages.length > 0 && !isInAny(record, languages)) return false;
    if (keywords.length === 0) return true;
    if (hashtags.size > 0 && hashtagsOf(record).some((tag) => hashtags.has(folded(tag)))) return true;
    const text = inText.length > 0 && typeof record.text === 'string' ? folded(record.text) : '';
    return inText.some((pattern) => pattern.test(text));
  };
}

function isHashtag(keyword: string): boolean {
  return /^[#＃]./u.test(keyword);
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Letters of words that spaces or punctuation separate; Chinese, Japanese, Thai and others write without spaces. */
const wordCharacter =
  '[[\\p{L}\\p{M}\\p{N}_]--[\\p{scx=Hani}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]]';
const startsWord = new RegExp(`^${wordCharacter}`, 'v');
const endsWord = new RegExp(`${wordCharacter}$`, 'v');

/** Matches whole words: `cat` is not in `category`. */
function patternOf(keyword: string): RegExp {
  const text = folded(keyword).trim();
  const literal = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
  const before = startsWord.test(text) ? `(?<!${wordCharacter})` : '';
  const after = endsWord.test(text) ? `(?!${wordCharacter})` : '';
  return new RegExp(`${before}${literal}${after}`, 'v');
}

function isInAny({ langs }: JsonObject, languages: readonly string[]): boolean {
  const ofPost = Array.isArray(langs) ? langs.filter((lang) => typeof lang === 'string') : [];
  return ofPost.some((lang) => {
    const lower = lang.toLowerCase();
    return languages.some((language) => lower === language || lower.startsWith(`${language}-`));
  });
}
