/**
 * The rule that matches a keyword and nothing else: a word, `#hashtag`, `@mention` or `$cashtag` stands for itself,
 * anything else is quoted, so that X reads neither operators (`from:nasa`, `OR`) nor several words into it.
 */
export function ruleOfKeyword(keyword: string): string {
  const trimmed = keyword.trim();
  const isWord = /^[#@$]?[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*$/u.test(trimmed);
  return isWord && !/^(AND|OR|NOT)$/.test(trimmed) ? trimmed : `"${trimmed.replace(/["\\]/g, '\\$&')}"`;
}
