import type { Clock } from '@tweet-pipes/kit/system-clock';
import { INSTANCE_HEADER } from '../api.ts';

/** How the page reaches its server. */
export interface ConnectionState {
  /** `away`: the last call got no answer. */
  readonly status: 'connecting' | 'live' | 'away';
  /** When the server was first missed, and when another one answered in its place; milliseconds since the epoch. */
  readonly awaySinceMs?: number;
  readonly restartedAtMs?: number;
}

/** Follows the answers of all calls, so that one banner says when the server is away or was started again. */
export class Connection {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listeners = new Set<() => void>();
  #instance: string | undefined;
  #state: ConnectionState = { status: 'connecting' };

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Calls `listener` after each change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** An answer came. */
  heard(headers: { get(name: string): string | null }): void {
    const instance = headers.get(INSTANCE_HEADER) ?? undefined;
    const isAnother = this.#instance !== undefined && instance !== undefined && instance !== this.#instance;
    this.#instance = instance ?? this.#instance;
    const { restartedAtMs } = this.#state;
    if (isAnother) this.#change({ status: 'live', restartedAtMs: this.#clock.now() });
    else if (this.#state.status !== 'live') {
      this.#change({ status: 'live', ...(restartedAtMs === undefined ? {} : { restartedAtMs }) });
    }
  }

  /** A call got no answer. */
  missed(): void {
    if (this.#state.status === 'away') return;
    this.#change({ ...this.#state, status: 'away', awaySinceMs: this.#clock.now() });
  }

  /** The reader has seen that the server was started again. */
  dismissRestart(): void {
    const { restartedAtMs: _, ...rest } = this.#state;
    this.#change(rest);
  }

  #change(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
