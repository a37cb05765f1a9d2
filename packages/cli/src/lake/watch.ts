import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What takes less long shows no progress. */
const silentMs = 2_000;
/** Times between two looks. They grow, since most answers come soon. */
const [firstPauseMs, longestPauseMs] = [50, 1_000];

/** What to look at until it is over. */
export interface Watched<T> {
  /** Before the seconds in the progress line. */
  label: string;
  look(): Promise<T>;
  isOver(seen: T): boolean;
  /** Behind the seconds in the progress line. */
  note(seen: T): string;
}

/**
 * Looks again and again until it is over or the signal aborts, and draws a progress line after two seconds. Returns
 * what was seen last. Rejects as `look` does.
 */
export async function watch<T>(
  terminal: Pick<Terminal, 'clock' | 'progress'>,
  watched: Watched<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock } = terminal;
  const startMs = clock.now();
  let progress: Progress | undefined;
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
      const seen = await watched.look();
      if (watched.isOver(seen) || signal.aborted) return seen;
      const passedMs = clock.now() - startMs;
      if (passedMs >= silentMs) progress ??= new Progress(terminal, watched.label);
      progress?.update(Math.floor(passedMs / 1000), `s${watched.note(seen)}`);
      await clock.sleep(pauseMs, signal);
    }
  } finally {
    progress?.stop();
  }
}
