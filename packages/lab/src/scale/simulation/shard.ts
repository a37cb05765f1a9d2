import { drawMs } from '@tweet-pipes/local-aws/pace/lognormal';
import { retryBackoff } from '@tweet-pipes/local-aws/pipes/backoff';
import type { Arrivals } from './arrivals.ts';
import { type ExecutionParts, runExecution } from './execution.ts';

/** Maximum of one GetRecords. */
const RECORDS_PER_READ = 1_000;

interface Unit {
  readonly arrivals: readonly number[];
  readonly retries: number;
  readonly isRedelivery: boolean;
}

/**
 * The pipe's loop on one shard, like `packages/local-aws/src/pipes`: read until a batch is due, then deliver it, one
 * execution at a time. A failed batch is bisected; a single failed record is retried and then given up.
 */
export class Shard {
  readonly #number: number;
  readonly #arrivals: Arrivals;
  readonly #parts: ExecutionParts;
  /** Records that were read and are in no batch. */
  #waiting: { arrivalMs: number; readMs: number }[] = [];
  /** Records in a pending answer of GetRecords. */
  #inRead = 0;
  #inFlight = 0;

  constructor(number: number, arrivals: Arrivals, parts: ExecutionParts) {
    this.#number = number;
    this.#arrivals = arrivals;
    this.#parts = parts;
  }

  /** Records that left the stream and are not done. */
  get outstanding(): number {
    return this.#inRead + this.#waiting.length + this.#inFlight;
  }

  /** Polls for the first time at `atMs`. */
  start(atMs: number): void {
    this.#parts.queue.at(atMs, () => this.#fill());
  }

  #fill(): void {
    const { queue, random, scenario } = this.#parts;
    if (this.#dueInMs() === 0) {
      this.#deliverNext();
      return;
    }
    const latency = scenario.table.calls['kinesis.GetRecords'];
    const callMs = latency === undefined ? 0 : drawMs(latency, random);
    queue.at(queue.nowMs + callMs / 2, () => {
      const read = this.#arrivals.take(RECORDS_PER_READ, queue.nowMs);
      this.#inRead = read.length;
      const isMore = this.#arrivals.lag(queue.nowMs) > 0;
      queue.at(queue.nowMs + callMs / 2, () => {
        this.#inRead = 0;
        for (const arrivalMs of read) this.#waiting.push({ arrivalMs, readMs: queue.nowMs });
        const dueMs = this.#dueInMs();
        if (dueMs === 0) {
          this.#deliverNext();
          return;
        }
        const { polls, limits } = scenario.table;
        const waitMs = isMore ? 1000 / limits.shardReadsPerSecond.value : polls.kinesis.intervalMs;
        queue.at(queue.nowMs + Math.min(waitMs, dueMs ?? waitMs), () => this.#fill());
      });
    });
  }

  /** 0 if a batch is due, undefined if no record waits. */
  #dueInMs(): number | undefined {
    const { queue, scenario } = this.#parts;
    const oldest = this.#waiting[0];
    if (oldest === undefined) return undefined;
    if (this.#waiting.length >= scenario.batchSize) return 0;
    return Math.max(0, oldest.readMs + scenario.windowSeconds * 1000 - queue.nowMs);
  }

  #deliverNext(): void {
    if (this.#dueInMs() !== 0) {
      this.#fill();
      return;
    }
    const arrivals = this.#waiting.splice(0, this.#parts.scenario.batchSize).map(({ arrivalMs }) => arrivalMs);
    this.#inFlight = arrivals.length;
    this.#work([{ arrivals, retries: 0, isRedelivery: false }]);
  }

  #work(todo: Unit[]): void {
    const unit = todo.pop();
    if (unit === undefined) {
      this.#deliverNext();
      return;
    }
    const { queue, scenario, tally, random } = this.#parts;
    const { arrivals, retries, isRedelivery } = unit;
    runExecution(this.#parts, { shard: this.#number, tweets: arrivals.length, isRedelivery }, (ending) => {
      if (ending === 'succeeded' || (arrivals.length === 1 && retries >= scenario.maximumRetryAttempts)) {
        this.#inFlight -= arrivals.length;
        if (ending === 'succeeded') tally.finish(arrivals, queue.nowMs);
        else tally.deadLettered += 1;
        this.#work(todo);
      } else if (arrivals.length > 1) {
        const half = Math.ceil(arrivals.length / 2);
        const again = { retries, isRedelivery: isRedelivery || ending === 'failed' };
        todo.push({ arrivals: arrivals.slice(half), ...again }, { arrivals: arrivals.slice(0, half), ...again });
        this.#work(todo);
      } else {
        todo.push({ arrivals, retries: retries + 1, isRedelivery: true });
        queue.at(queue.nowMs + retryBackoff(random).delayMs(retries + 1), () => this.#work(todo));
      }
    });
  }
}
