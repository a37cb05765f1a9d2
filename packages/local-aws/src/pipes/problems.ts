import type { Clock } from '@tweet-pipes/kit/clock';

/** Milliseconds between two lines about one pipe. Each record of a stream may have a problem of its own. */
const QUIET_MS = 60_000;

/** What keeps a pipe from its work while it runs: one problem per origin, such as the reads of a shard. */
export class PipeProblems {
  readonly #problems = new Map<string, string>();
  readonly #log: (line: string) => void;
  readonly #clock: Pick<Clock, 'now'>;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  /** `log` gets one line for a new problem, at most one a minute. */
  constructor(log: (line: string) => void, clock: Pick<Clock, 'now'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** The oldest problem that remains. */
  get first(): string | undefined {
    return this.#problems.values().next().value;
  }

  /** Replaces the problem of an origin. Undefined: it is over. */
  report(origin: string, problem: string | undefined): void {
    if (problem === undefined) {
      this.#problems.delete(origin);
      return;
    }
    const isNew = this.#problems.get(origin) !== problem;
    this.#problems.set(origin, problem);
    const nowMs = this.#clock.now();
    if (!isNew || nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + QUIET_MS;
    this.#log(problem);
  }
}
