/**
 * The rule that matches a keyword literally. A word, `#hashtag`, `@mention` or `$cashtag` is its own rule; anything
 * else is quoted, so that X does not see operators (`from:nasa`, `OR`) or several words in it.
 */
export function ruleOfKeyword(keyword: string): string {
  const trimmed = keyword.trim();
  const isWord = /^[#@$]?[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*$/u.test(trimmed);
  return isWord && !/^(AND|OR|NOT)$/.test(trimmed) ? trimmed : `"${trimmed.replace(/["\\]/g, '\\$&')}"`;
}
