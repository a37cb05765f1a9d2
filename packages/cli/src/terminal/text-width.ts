import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns of a terminal that a text takes: two for a character of East Asia or an emoji, none for a mark. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** The text, cut off with `…` if it is wider than `columns`, which is at least 1. No character is cut in two. */
export function fitted(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  let width = 1;
  for (const { segment } of graphemes.segment(text)) {
    width += textWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}
