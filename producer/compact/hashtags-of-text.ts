import twitter from 'twitter-text';

/**
 * The hashtags of a text by X's own rules, as written, without `#`, in order; all spellings of a word are kept. A
 * hashtag that is cut off by the `…` of a shortened text is left out.
 */
export function hashtagsOfText(text: string): string[] {
  // The library's expressions are large, and most texts have no hashtag.
  if (!/[#＃]/.test(text)) return [];
  return twitter
    .extractHashtagsWithIndices(text)
    .filter(({ indices: [, end] }) => text[end] !== '…')
    .map(({ hashtag }) => hashtag);
}
