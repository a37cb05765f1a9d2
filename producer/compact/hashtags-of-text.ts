import twitter from 'twitter-text';

/**
 * The hashtags of a text by X's own rules, as written and without `#`, in their order; several spellings of one word
 * all stand. Of a text that X has shortened, a hashtag that runs into the `…` is left out: nobody knows its end.
 */
export function hashtagsOfText(text: string): string[] {
  // The library's expressions are large, and most texts have no hashtag.
  if (!/[#＃]/.test(text)) return [];
  return twitter
    .extractHashtagsWithIndices(text)
    .filter(({ indices: [, end] }) => text[end] !== '…')
    .map(({ hashtag }) => hashtag);
}
