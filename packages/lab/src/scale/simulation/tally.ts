import { Histogram } from './histogram.ts';

/** Totals over all shards of a run. */
export class Tally {
  /** From arrival to count. */
  readonly ages = new Histogram();
  readonly executionMs = new Histogram();
  executions = 0;
  failedExecutions = 0;
  /** Executions that were refused because of too large an input; they are among the failed. */
  refusedExecutions = 0;
  busyMs = 0;
  done = 0;
  deadLettered = 0;
  /** UpdateItem calls of hashtags other than the hot one. */
  coldUpdates = 0;
  lastDoneMs = 0;
  readonly #agesFromMs: number;

  /** Ages include records that are done from `agesFromMs` on, when the run has settled. */
  constructor(agesFromMs: number) {
    this.#agesFromMs = agesFromMs;
  }

  finish(arrivals: readonly number[], nowMs: number): void {
    this.done += arrivals.length;
    this.lastDoneMs = nowMs;
    if (nowMs < this.#agesFromMs) return;
    for (const arrivalMs of arrivals) this.ages.add(nowMs - arrivalMs);
  }
}
