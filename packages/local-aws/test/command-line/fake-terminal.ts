import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import type { ProcessTerminal } from '@tweet-pipes/kit/command-line/process-terminal';

/** A terminal that keeps what is printed. `interrupt` is Ctrl-C. */
export interface FakeTerminal extends ProcessTerminal {
  /** Lines of standard output so far. */
  readonly printed: readonly string[];
  /** Lines of standard error so far. */
  readonly complaints: readonly string[];
  interrupt(): void;
}

export function fakeTerminal({ clock = systemClock }: { clock?: Clock } = {}): FakeTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  const interrupted = new AbortController();
  return {
    out: (line) => void printed.push(line),
    err: (line) => void complaints.push(line),
    env: {},
    clock,
    interruptible: () => interrupted.signal,
    exitCode: 0,
    printed,
    complaints,
    interrupt: () => interrupted.abort(),
  };
}
