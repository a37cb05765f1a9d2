import { PassThrough, Readable } from 'node:stream';
import { systemClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { Terminal } from '../src/terminal/terminal.ts';

/** A terminal that keeps what is printed. `interrupt` is Ctrl-C. */
export interface FakeTerminal extends Terminal {
  /** Standard output so far. */
  printed(): string;
  /** Standard error so far. */
  complaints(): string;
  interrupt(): void;
}

export function fakeTerminal(env: Record<string, string> = {}, stdin: Readable = Readable.from([])): FakeTerminal {
  const [out, err]: [string[], string[]] = [[], []];
  const interrupted = new AbortController();
  return {
    out: (line) => void out.push(line),
    isScreen: false,
    size: undefined,
    err: (line) => void err.push(line),
    clear: () => {},
    progress: new PassThrough(),
    stdin,
    env: { AWS_EC2_METADATA_DISABLED: 'true', ...env },
    clock: systemClock,
    random: seededRandom(1),
    bold: (text) => text,
    interruptible: () => interrupted.signal,
    exitCode: 0,
    printed: () => out.join('\n'),
    complaints: () => err.join('\n'),
    interrupt: () => interrupted.abort(),
  };
}
