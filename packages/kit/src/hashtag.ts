/** Letters, digits and the underscore in full or half width. */
const otherWidth = /[\uff10-\uff19\uff21-\uff3a\uff3f\uff41-\uff5a\uff66-\uffdc]/g;

/** The name under which a hashtag counts (docs/adr/0040). The workflow has the same rule, in JSONata. */
export function foldHashtag(word: string): string {
  return word.toLowerCase().replaceAll(/[^\u{10000}-\u{10ffff}]+/gu, (text) => usualWidth(text).normalize('NFC'));
}

/** Text with the usual forms of letters that have two widths. */
export function usualWidth(text: string): string {
  return text.replaceAll(otherWidth, (letter) => letter.normalize('NFKC'));
}
