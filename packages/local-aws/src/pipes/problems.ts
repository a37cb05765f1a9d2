import type { Clock } from '@tweet-pipes/kit/clock';

/** Milliseconds between two lines about one pipe. Each record of a stream may have a problem of its own. */
const QUIET_MS = 60_000;
/** An outage of this length is a problem of the runtime. A shorter one is a retry like any other. */
const LASTING_MS = 5_000;

interface PipeProblem {
  readonly text: string;
  readonly sinceMs: number;
  /** Whether it is about records, and had its line when it was new. */
  readonly isOfRecords: boolean;
}

/** What keeps a pipe from its work while it runs: one problem per origin, such as the reads of a shard. */
export class PipeProblems {
  readonly #problems = new Map<string, PipeProblem>();
  readonly #log: (line: string) => void;
  readonly #clock: Pick<Clock, 'now'>;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  /** `log` gets one line for a new problem of records, at most one a minute. */
  constructor(log: (line: string) => void, clock: Pick<Clock, 'now'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** The oldest problem that remains. */
  get first(): string | undefined {
    return this.#problems.values().next().value?.text;
  }

  /** The oldest problem that has lasted for five seconds. */
  get lasting(): PipeProblem | undefined {
    const nowMs = this.#clock.now();
    return [...this.#problems.values()].find(({ sinceMs }) => nowMs - sinceMs >= LASTING_MS);
  }

  clear(): void {
    this.#problems.clear();
  }

  /** Replaces what an origin waits for, such as a source that does not answer. Undefined: it is over. */
  report(origin: string, text: string | undefined): void {
    this.#set(origin, text, false);
  }

  /** Replaces why records of an origin cannot be delivered. Undefined: they are, or were given up. */
  reportRecords(origin: string, text: string | undefined): void {
    const isNew = this.#problems.get(origin)?.text !== text;
    this.#set(origin, text, true);
    const nowMs = this.#clock.now();
    if (text === undefined || !isNew || nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + QUIET_MS;
    this.#log(text);
  }

  #set(origin: string, text: string | undefined, isOfRecords: boolean): void {
    if (text === undefined) this.#problems.delete(origin);
    else {
      const sinceMs = this.#problems.get(origin)?.sinceMs ?? this.#clock.now();
      this.#problems.set(origin, { text, sinceMs, isOfRecords });
    }
  }
}
