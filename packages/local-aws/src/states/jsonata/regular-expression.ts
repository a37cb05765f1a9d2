import { type Matcher, RE2JS, RE2JSException } from 're2js';
import { meter } from './meter.ts';

/** The flags of JSONata's regular expressions. */
const FLAGS: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE };

/** JavaScript's white space and line ends, which RE2 sees in ASCII only. */
const WHITE_SPACE = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const LINE_ENDS = '\\n\\r\\x{2028}\\x{2029}';

/** A regular expression that no engine runs in linear time, or that is none. */
class RegularExpressionError extends Error {
  override readonly name = 'RegularExpressionError';
}

/**
 * A regular expression of the JSONata library in the place of `RegExp`: `exec` takes time linear in the text, by RE2,
 * where a backtracking engine can take for ever (docs/adr/0029). A surrogate pair is one character, as in Java and in
 * RE2, where the `RegExp` of JSONata's own library sees two. Other than that, it matches what that would match.
 */
export class LinearRegExp {
  readonly source: string;
  /** Where `exec` starts, and after it where the match ended. */
  lastIndex = 0;
  readonly #program: RE2JS;
  /** Does the same, if the expression cannot backtrack far. */
  readonly #native: RegExp | undefined;
  #matcher: { readonly text: string; readonly of: Matcher } | undefined;

  /** Throws {@link RegularExpressionError}, or SyntaxError for what is no regular expression in JavaScript. */
  constructor(pattern: string | LinearRegExp, flags = '') {
    if (typeof pattern !== 'string') {
      this.source = pattern.source;
      this.#program = pattern.#program;
      this.#native = pattern.#native;
      return;
    }
    this.source = new RegExp(pattern, flags).source;
    this.#program = compile(this.source, flags);
    this.#native = compileNatively(this.source, flags);
  }

  /** The next match, as `RegExp.exec` gives it for the flag g. */
  exec(text: string): { readonly [group: number]: string | undefined; index: number; length: number } | null {
    const found = this.#native === undefined ? this.#find(text) : this.#findNatively(this.#native, text);
    if (found === null) this.lastIndex = 0;
    return found;
  }

  #findNatively(native: RegExp, text: string): RegExpExecArray | null {
    native.lastIndex = this.lastIndex;
    const found = native.exec(text);
    this.lastIndex = native.lastIndex;
    return found;
  }

  #find(text: string): { readonly [group: number]: string | undefined; index: number; length: number } | null {
    meter.copying(text.length);
    if (this.#matcher?.text !== text) this.#matcher = { text, of: this.#program.matcher(text) };
    const matcher = this.#matcher.of;
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) return null;
    this.lastIndex = matcher.end();
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
    return Object.assign(groups, { index: matcher.start() });
  }
}

function compile(source: string, flags: string): RE2JS {
  let bits = 0;
  for (const flag of flags) bits |= FLAGS[flag] ?? 0;
  try {
    return RE2JS.compile(RE2JS.translateRegExp(asRe2Reads(source)), bits);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace(/^error parsing regexp: /, '');
    throw new RegularExpressionError(
      `The regular expression /${source}/ is not supported: ${reason}. It must be one that RE2 accepts, which has no lookahead, lookbehind, backreferences, or repetitions above 1,000 (https://github.com/google/re2/wiki/Syntax).`,
      { cause: error },
    );
  }
}

/** An expression from the start of a text, whose repetitions are of digits and end before something else. */
const ANCHORED_DIGITS = /^\^(?:[\w:-]|\[0-9\]\+(?![0-9[]))*\$?$/;

/**
 * The engine of JavaScript for the same characters, where it is as fast: without repetitions it cannot backtrack
 * further than the expression is long, and {@link ANCHORED_DIGITS} match in one way. It is fifty times faster on short
 * texts.
 */
function compileNatively(source: string, flags: string): RegExp | undefined {
  const isLinear = !/[*+?{]/.test(source) || ANCHORED_DIGITS.test(source);
  if (!isLinear || flags.includes('i')) return undefined;
  try {
    // The flag u makes a surrogate pair one character.
    return new RegExp(source, `${flags}u`);
  } catch {
    // Some escapes are not allowed with the flag u.
    return undefined;
  }
}

/** An expression of JavaScript as one that means the same in RE2: `.`, white space, and escaped surrogate pairs. */
function asRe2Reads(source: string): string {
  let isInClass = false;
  return source.replace(
    /\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\[sS]|\\.|[[\].]/gs,
    (part: string, high: string | undefined, low: string | undefined): string => {
      if (high !== undefined && low !== undefined)
        return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
      switch (part) {
        case '[':
          if (isInClass) return '\\[';
          isInClass = true;
          return part;
        case ']':
          isInClass = false;
          return part;
        case '.':
          return isInClass ? part : `[^${LINE_ENDS}]`;
        case '\\s':
          return isInClass ? WHITE_SPACE : `[${WHITE_SPACE}]`;
        case '\\S':
          // Within a class RE2's own is a superset: it differs for the white space beyond ASCII.
          return isInClass ? part : `[^${WHITE_SPACE}]`;
        default:
          return part;
      }
    },
  );
}
