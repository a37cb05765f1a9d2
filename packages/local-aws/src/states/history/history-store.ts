import { HistoryLog, type HistoryLogOptions } from './history-log.ts';

/** Bytes counted for a log itself, so that the number of empty logs is bounded too. */
const LOG_BYTES = 300;

/**
 * The logs of the latest executions, together at most `capBytes` as CloudWatch would count them. The oldest logs are
 * dropped first. The log of a running execution is emptied instead.
 */
export class HistoryStore {
  readonly #capBytes: number;
  readonly #logs = new Map<string, HistoryLog>();
  #bytes = 0;

  constructor(capBytes: number) {
    this.#capBytes = capBytes;
  }

  /** A new log, kept by its execution's ARN. */
  open(options: Omit<HistoryLogOptions, 'onKept'>): HistoryLog {
    const log = new HistoryLog({ ...options, onKept: (bytes) => this.#kept(bytes) });
    this.#logs.set(options.executionArn, log);
    this.#kept(LOG_BYTES);
    return log;
  }

  /** The log of an execution; undefined when it is unknown or dropped. */
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
      const dropped = this.#logs.size === 1 ? oldest.dropOldest() : this.#dropLog(oldest);
      if (dropped === undefined) return;
      this.#bytes -= dropped;
    }
  }

  /** Drops a log. Returns the bytes freed; undefined when only empty logs of running executions are left. */
  #dropLog(log: HistoryLog): number | undefined {
    this.#logs.delete(log.executionArn);
    const bytes = log.drop();
    if (log.isClosed) return bytes + LOG_BYTES;
    this.#logs.set(log.executionArn, log);
    return bytes === 0 && this.#bytes <= this.#logs.size * LOG_BYTES ? undefined : bytes;
  }
}
