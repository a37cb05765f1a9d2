import type { Readable } from 'node:stream';
import { styleText } from 'node:util';

import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { type Random, systemRandom } from '@tweet-pipes/kit/random';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { ExitCode } from '../cli-error.ts';

/** The process as a command sees it. Tests pass their own and run the program in their process. */
export interface Terminal {
  /** For results: standard output, with a line end added. */
  out(line: string): void;
  /** Whether {@link out} writes on a screen, not into a file or another program. */
  readonly isScreen: boolean;
  /** The size of that screen; undefined without one. It changes with the window. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
  /** For everything else: standard error, with a line end added. */
  err(line: string): void;
  /** Empties the screen, if standard output is one. */
  clear(): void;
  /** Where progress is drawn, if it is a terminal. */
  readonly progress: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
  /** Bold, where the terminal shows it and NO_COLOR is not set. */
  bold(text: string): string;
  /** From now on the first Ctrl-C (or SIGTERM) aborts the signal; the second ends the process at once. */
  interruptible(): AbortSignal;
  /** The exit code of a program that throws no error; a command sets it when it found something wrong. */
  exitCode: ExitCode;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `tweet-pipes top | head -1` closes the pipe early. That is no error.
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`Standard output cannot be written: ${error.message}.\n`);
    process.exit(2);
  });
  process.stderr.on('error', () => {}); // Nothing is left to say it on.
  let interrupted: AbortController | undefined;
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    isScreen: process.stdout.isTTY === true,
    get size() {
      const { columns, rows } = process.stdout; // Undefined, whatever its type says, when it is no screen.
      return columns > 0 && rows > 0 ? { columns, rows } : undefined;
    },
    err: (line) => void process.stderr.write(`${line}\n`),
    clear: () => void (process.stdout.isTTY && process.stdout.write('\u001b[H\u001b[2J')),
    progress: process.stderr,
    stdin: process.stdin,
    env: process.env,
    clock: systemClock,
    random: systemRandom,
    bold: (text) => styleText('bold', text, { stream: process.stdout }),
    interruptible() {
      if (interrupted === undefined) {
        const controller = new AbortController();
        interrupted = controller;
        const onSignal = () => (controller.signal.aborted ? process.exit(130) : controller.abort());
        process.on('SIGINT', onSignal);
        process.on('SIGTERM', onSignal);
      }
      return interrupted.signal;
    },
    exitCode: 0,
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
