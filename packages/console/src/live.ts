import type { Clock } from '@tweet-pipes/kit/system-clock';

/** Whether anyone can see the page. */
export interface Visibility {
  readonly isVisible: boolean;
  /** Resolves when the page can be seen, or when `signal` aborts. */
  visible(signal: AbortSignal): Promise<void>;
}

/** What is loaded again and again. */
export interface Polling<T> {
  load(signal: AbortSignal): Promise<T>;
  /** Milliseconds between an answer and the next call. */
  everyMs: number;
  /** Whether there is more to come than `data`. Default: never. */
  isPart?(data: T): boolean;
  /** Milliseconds until the next call where an answer is a part. Leaves the server time for others. */
  soonMs: number;
  clock: Clock;
  visibility: Visibility;
  onData(data: T): void;
  /** Called for each call that fails. */
  onProblem(problem: unknown): void;
}

/** The longest pause, in milliseconds, while calls fail. */
const MAX_PAUSE_MS = 5_000;

/**
 * Calls `load` at once, and again after each pause, until `signal` aborts. While the page is hidden, as in a tab in
 * the background, `load` is not called again until the page is shown. While calls fail, the pauses grow up to five
 * seconds.
 */
export async function poll<T>(polling: Polling<T>, signal: AbortSignal): Promise<void> {
  const { clock, visibility } = polling;
  let failures = 0;
  let everyMs = polling.everyMs;
  while (!signal.aborted) {
    try {
      const data = await polling.load(signal);
      if (signal.aborted) return;
      failures = 0;
      everyMs = polling.isPart?.(data) ? polling.soonMs : polling.everyMs;
      polling.onData(data);
    } catch (problem) {
      if (signal.aborted) return;
      failures += 1;
      everyMs = polling.everyMs;
      polling.onProblem(problem);
    }
    const pauseMs = failures === 0 ? everyMs : Math.max(everyMs, Math.min(MAX_PAUSE_MS, 500 * 2 ** failures));
    await clock.sleep(pauseMs, signal);
    if (!visibility.isVisible) await visibility.visible(signal);
  }
}
