import type { Readable } from 'node:stream';
import { styleText } from 'node:util';

import { type ProcessTerminal, processTerminal } from '@tweet-pipes/kit/command-line/process-terminal';
import { type Random, systemRandom } from '@tweet-pipes/kit/random';
import { plural, thousands } from '@tweet-pipes/kit/wording';

/** The process as a command sees it, and its screen. Tests pass their own and run the program in their process. */
export interface Terminal extends ProcessTerminal {
  /** Whether {@link out} writes on a screen, not into a file or another program. */
  readonly isScreen: boolean;
  /** The size of that screen; undefined without one. It changes with the window. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
  /** Empties the screen, if standard output is one. */
  clear(): void;
  /** Where progress is drawn, if it is a terminal. */
  readonly progress: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stdin: Readable;
  readonly random: Random;
  /** Bold, where the terminal shows it and NO_COLOR is not set. */
  bold(text: string): string;
}

/** The terminal of this process. */
export function openTerminal(): Terminal {
  return {
    ...processTerminal(),
    isScreen: process.stdout.isTTY === true,
    get size() {
      const { columns, rows } = process.stdout; // Undefined, whatever its type says, when it is no screen.
      return columns > 0 && rows > 0 ? { columns, rows } : undefined;
    },
    clear: () => void (process.stdout.isTTY && process.stdout.write('\u001b[H\u001b[2J')),
    progress: process.stderr,
    stdin: process.stdin,
    random: systemRandom,
    bold: (text) => styleText('bold', text, { stream: process.stdout }),
  };
}

/** Control characters (C0, DEL, C1) rewrite the screen. Bidirectional overrides and isolates reorder what is on it. */
const harmful = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Replaces the characters that could harm the screen, in text of unknown origin. */
export function printable(text: string): string {
  return text.replace(harmful, '\u{FFFD}');
}

/** JSON on one line, whose texts may be of unknown origin: what could harm the screen is escaped. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    harmful,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `12.5 read units` */
export function readUnits(units: number): string {
  return `${thousands(units)} read unit${units === 1 ? '' : 's'}`;
}

/** `412 bytes`, `37.9 KB`, `1.9 MB`; powers of a thousand. */
export function dataSize(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} KB`;
  if (bytes < 999_950_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
