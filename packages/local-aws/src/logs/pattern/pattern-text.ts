import { invalidParameter } from '../errors.ts';

/** Reads a text from left to right, for the parsers of patterns. */
export class PatternText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Takes what a sticky expression matches here. Undefined: nothing. */
  take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  /** Throws InvalidParameterException: what was expected, and what stands there instead. */
  fail(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    const found = rest === '' ? 'its end' : JSON.stringify(rest);
    throw invalidParameter(
      `Invalid filter pattern: expected ${expected} at character ${this.#at + 1}, found ${found}.`,
    );
  }
}
