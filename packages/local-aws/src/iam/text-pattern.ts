import type { KeyLookup } from './key-lookup.ts';

/** A part of a text in a policy. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  /** `*` */
  | { readonly kind: 'any' }
  /** `?` */
  | { readonly kind: 'one' }
  /** `${key, 'fallback'}`, with the key in lower case. */
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined };

export interface TokenOptions {
  /** Whether `*` and `?` are wildcards. */
  readonly hasWildcards: boolean;
  /** Whether `${…}` is a variable: in policies of version 2012-10-17. */
  readonly hasVariables: boolean;
}

/** Whether a text fits. Undefined: a variable has no value, so that nothing can be said. */
export type TextMatcher = (text: string, keys: KeyLookup) => boolean | undefined;

const VARIABLE = /\$\{([^}]*)\}/;
const WITH_FALLBACK = /^\s*([^,]*?)\s*,\s*'([^']*)'\s*$/;

/**
 * Reads a text of a policy. `${*}`, `${?}` and `${$}` stand for the characters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function tokensOf(text: string, { hasWildcards, hasVariables }: TokenOptions): Token[] {
  const parts = hasVariables ? text.split(new RegExp(VARIABLE, 'g')) : [text];
  // Every second part is the inside of a variable.
  const tokens = parts.flatMap((part, index) =>
    index % 2 === 1 ? [variableOf(part)] : plainTokens(part, hasWildcards),
  );
  return tokens.filter((token) => token.kind !== 'text' || token.text !== '');
}

function variableOf(inside: string): Token {
  if (inside === '*' || inside === '?' || inside === '$') return { kind: 'text', text: inside };
  const [, key = inside.trim(), fallback] = WITH_FALLBACK.exec(inside) ?? [];
  return { kind: 'variable', key: key.toLowerCase(), fallback };
}

function plainTokens(text: string, hasWildcards: boolean): Token[] {
  if (!hasWildcards) return [{ kind: 'text', text }];
  return text
    .split(/([*?])/)
    .map((part) => (part === '*' ? { kind: 'any' } : part === '?' ? { kind: 'one' } : { kind: 'text', text: part }));
}

/** Compiles tokens, so that a match costs no parsing. A variable's value is taken literally. */
export function textMatcher(tokens: readonly Token[], { ignoreCase = false } = {}): TextMatcher {
  if (tokens.some(({ kind }) => kind === 'variable')) return variableMatcher(tokens, ignoreCase);
  if (tokens.length === 1 && tokens[0]?.kind === 'any') return () => true;
  const literal = tokens.every((token) => token.kind === 'text') ? tokens.map(textOf).join('') : undefined;
  if (literal !== undefined && !ignoreCase) return (text) => text === literal;
  const pattern = expression(sourceOf(tokens, () => undefined) ?? '', ignoreCase);
  return (text) => pattern.test(text);
}

function variableMatcher(tokens: readonly Token[], ignoreCase: boolean): TextMatcher {
  // One call after the other mostly has the same values.
  let last = { source: '', pattern: expression('', ignoreCase) };
  return (text, keys) => {
    const source = sourceOf(tokens, keys);
    if (source === undefined) return undefined;
    if (source !== last.source) last = { source, pattern: expression(source, ignoreCase) };
    return last.pattern.test(text);
  };
}

/** Undefined when a variable has neither a single value nor a fallback. */
function sourceOf(tokens: readonly Token[], keys: KeyLookup): string | undefined {
  let source = '';
  for (const token of tokens) {
    const part = sourceOfToken(token, keys);
    if (part === undefined) return undefined;
    source += part;
  }
  return source;
}

function sourceOfToken(token: Token, keys: KeyLookup): string | undefined {
  switch (token.kind) {
    case 'any':
      return '.*';
    case 'one':
      return '.';
    case 'text':
      return escaped(token.text);
    case 'variable': {
      const value = keys(token.key) ?? token.fallback;
      return typeof value === 'string' ? escaped(value) : undefined;
    }
  }
}

function textOf(token: Token): string {
  return token.kind === 'text' ? token.text : '';
}

function expression(source: string, ignoreCase: boolean): RegExp {
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
