import { HistoryLog, type HistoryLogOptions } from './history-log.ts';

/** The logs of the latest executions, together at most `capBytes` as CloudWatch would count them; the oldest are forgotten first. */
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
      if (this.#logs.size > 1) {
        this.#bytes -= oldest.drop();
        this.#logs.delete(oldest.executionArn);
        continue;
      }
      const dropped = oldest.dropOldest();
      if (dropped === undefined) return;
      this.#bytes -= dropped;
    }
  }
}
