import { HistoryLog, type HistoryLogOptions } from './history-log.ts';

/** What a log counts even when nothing is logged in it, so that their number is bounded too. */
const LOG_BYTES = 300;

/**
 * The logs of the latest executions, together at most `capBytes` as CloudWatch would count them. The oldest are
 * forgotten first; an execution that still runs by then goes on with an empty log.
 */
export class HistoryStore {
  readonly #capBytes: number;
  readonly #logs = new Map<string, HistoryLog>();
  #bytes = 0;

  constructor(capBytes: number) {
    this.#capBytes = capBytes;
  }

  open(options: Omit<HistoryLogOptions, 'onKept'>): HistoryLog {
    const log = new HistoryLog({ ...options, onKept: (bytes) => this.#kept(bytes) });
    this.#logs.set(options.executionArn, log);
    this.#kept(LOG_BYTES);
    return log;
  }

  /** Undefined when the execution never was or is forgotten. */
  find(executionArn: string): HistoryLog | undefined {
    return this.#logs.get(executionArn);
  }

  get bytes(): number {
    return this.#bytes;
  }

  #kept(bytes: number): void {
    this.#bytes += bytes;
    while (this.#bytes > this.#capBytes) {
      const [oldest] = this.#logs.values();
      if (oldest === undefined) return;
      const dropped = this.#logs.size === 1 ? oldest.dropOldest() : this.#forget(oldest);
      if (dropped === undefined) return;
      this.#bytes -= dropped;
    }
  }

  /** Bytes freed; undefined when all that is left are empty logs of executions that still run. */
  #forget(log: HistoryLog): number | undefined {
    this.#logs.delete(log.executionArn);
    const bytes = log.drop();
    if (log.isClosed) return bytes + LOG_BYTES;
    this.#logs.set(log.executionArn, log);
    return bytes === 0 && this.#bytes <= this.#logs.size * LOG_BYTES ? undefined : bytes;
  }
}
