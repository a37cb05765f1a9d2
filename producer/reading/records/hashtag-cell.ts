import { isJsonObject } from '@tweet-pipes/kit/json';

/** A word that X would take for a hashtag; not a number, which may be a count. */
const word = /^(?!\p{N}+$)(?:[\p{L}\p{M}\p{N}_\u00b7]|\u200c|\u200d)+$/u;

/**
 * The hashtags of a list as tools and tables write it: words or objects, JSON, Python's or plain text, with and without
 * `#`. Undefined if it is something else; then the text tells. An empty cell says nothing either.
 */
export function hashtagsOfCell(cell: unknown): string[] | undefined {
  if (Array.isArray(cell)) return wordsOf(cell);
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const text = cell.trim();
  if (!/^\[.*\]$/s.test(text)) return wordsOf(text.split(/[\s,;|]+/));
  return wordsOf(
    parsed(text) ??
      text
        .slice(1, -1)
        .split(',')
        .filter((part) => part.trim() !== ''),
  );
}

function parsed(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function wordsOf(list: readonly unknown[]): string[] | undefined {
  const words = list.map((item) => {
    const name = isJsonObject(item) ? (item.text ?? item.tag) : item;
    return typeof name === 'string'
      ? name
          .trim()
          .replace(/^(['"])(.*)\1$/s, '$2')
          .replace(/^[#＃]/, '')
      : '';
  });
  return words.every((name) => word.test(name)) ? words : undefined;
}
