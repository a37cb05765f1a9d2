import { type TextMatcher, type Token, textMatcher, tokensOf } from './text-pattern.ts';

const SEGMENTS = 6;

/**
 * Compiles the pattern of an ARN. A wildcard stays within its segment, of which the last holds all further colons. A
 * pattern with fewer segments leaves the others open. `*` alone fits everything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function arnMatcher(pattern: string, { hasVariables }: { hasVariables: boolean }): TextMatcher {
  if (pattern === '*') return () => true;
  const segments = segmentsOf(tokensOf(pattern, { hasWildcards: true, hasVariables }));
  while (segments.length < SEGMENTS) segments.push([{ kind: 'any' }]);
  const matchers = segments.map((tokens) => textMatcher(tokens));
  return (arn, keys) => {
    const parts = splitArn(arn);
    if (parts === undefined) return false;
    let result: boolean | undefined = true;
    for (const [index, matcher] of matchers.entries()) {
      const fits = matcher(parts[index] ?? '', keys);
      if (fits === false) return false;
      if (fits === undefined) result = undefined;
    }
    return result;
  };
}

/** Six segments of which the last may have colons. Undefined for a text that is no ARN. */
export function splitArn(arn: string): string[] | undefined {
  const parts = arn.split(':');
  return parts.length < SEGMENTS ? undefined : [...parts.slice(0, SEGMENTS - 1), parts.slice(SEGMENTS - 1).join(':')];
}

/** Splits at colons of the text itself: those of a variable's name do not count. */
function segmentsOf(tokens: readonly Token[]): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind !== 'text') {
      segments.at(-1)?.push(token);
      continue;
    }
    for (const [index, text] of token.text.split(':').entries()) {
      if (index > 0 && segments.length < SEGMENTS) segments.push([]);
      else if (index > 0) segments.at(-1)?.push({ kind: 'text', text: ':' });
      if (text !== '') segments.at(-1)?.push({ kind: 'text', text });
    }
  }
  return segments;
}
