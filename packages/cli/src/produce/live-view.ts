import type { Clock } from '@tweet-pipes/kit/clock';
import { thousands } from '@tweet-pipes/kit/wording';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { PipeLag } from './pipe-lag.ts';

/** Counts of records since the start. */
export interface SoFar {
  sent: number;
  retried: number;
  throttled: number;
}

/** The span of the displayed rate. */
const windowMs = 5_000;
const tickMs = 1_000;

/**
 * The status line while records are sent: how many, how fast, how many retries, the lag of the pipe. Without a terminal
 * it draws nothing and reads nothing.
 */
export class LiveView {
  readonly #progress: Progress | undefined;
  readonly #clock: Clock;
  readonly #lag: PipeLag | undefined;
  readonly #note: () => string;
  readonly #over = new AbortController();
  readonly #ticking: Promise<void>;
  #samples: { atMs: number; sent: number }[] = [];

  constructor(
    terminal: Terminal,
    options: {
      total: number | undefined;
      lag: PipeLag | undefined;
      isQuiet: boolean;
      note: () => string;
      soFar: SoFar;
    },
  ) {
    const isSeen = !options.isQuiet && terminal.progress.isTTY === true;
    this.#clock = terminal.clock;
    this.#lag = options.lag;
    this.#note = options.note;
    this.#progress = isSeen ? new Progress(terminal, 'sent', options.total) : undefined;
    this.#ticking = isSeen ? this.#tick(options.soFar) : Promise.resolve();
  }

  /** Clears the line. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#ticking;
    this.#progress?.stop();
  }

  async #tick(soFar: SoFar): Promise<void> {
    while (!this.#over.signal.aborted) {
      const nowMs = this.#clock.now();
      this.#samples.push({ atMs: nowMs, sent: soFar.sent });
      while ((this.#samples[0]?.atMs ?? nowMs) < nowMs - windowMs) this.#samples.shift();
      this.#progress?.update(soFar.sent, statusText(soFar, rateOf(this.#samples), this.#lag?.seconds, this.#note()));
      await this.#clock.sleep(tickMs, this.#over.signal);
      if (!this.#over.signal.aborted) await this.#lag?.look();
    }
  }
}

function rateOf(samples: readonly { atMs: number; sent: number }[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs === first.atMs) return 0;
  return ((last.sent - first.sent) * 1000) / (last.atMs - first.atMs);
}

/** `1,234/s, 5 retried, 3 throttled, pipe 1.2 s behind` */
export function statusText(
  { retried, throttled }: SoFar,
  rate: number,
  lagSeconds: number | undefined,
  note: string,
): string {
  return [
    `${rate < 10 ? rate.toFixed(1) : thousands(Math.round(rate))}/s`,
    ...(retried > 0 ? [`${thousands(retried)} retried`] : []),
    ...(throttled > 0 ? [`${thousands(throttled)} throttled`] : []),
    ...(lagSeconds === undefined ? [] : [`pipe ${lagSeconds.toFixed(lagSeconds < 10 ? 1 : 0)} s behind`]),
    ...(note === '' ? [] : [note]),
  ].join(', ');
}
