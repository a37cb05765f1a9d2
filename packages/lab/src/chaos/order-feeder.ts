import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { connectionProblem } from '@tweet-pipes/kit/connection-error';
import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { changesPerCall, putChanges } from '@tweet-pipes/kit/orders/put-changes';
import { seededRandom } from '@tweet-pipes/kit/random';
import { orderSink } from '@tweet-pipes/producer/orders/order-sink';
import { changeOf, orderSource } from '@tweet-pipes/producer/orders/order-source';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { Wake } from '@tweet-pipes/producer/wake';
import { writeTo } from '@tweet-pipes/producer/writer';

/** The table of orders of the current runtime. */
export interface FedTable {
  client: DynamoDBClient;
  tableName: string;
}

/**
 * Writes changes of orders across all rounds. It writes released changes only, and repeats each until it is
 * acknowledged: a repeated change leaves the same item. Changes of an order keep their order.
 */
export class OrderFeeder {
  /** The acknowledged changes of each order, in their order. */
  readonly changes = new Map<string, OrderChange[]>();
  /** Resolves after {@link finish} when all changes are acknowledged. */
  readonly done: Promise<unknown>;

  readonly #most: number;
  readonly #wake = new Wake();
  #released = 0;
  #table = Promise.withResolvers<FedTable>();
  #isServed = false;
  readonly #stop = new AbortController();

  constructor({ seed, changes, clock = systemClock }: { seed: number; changes: number; clock?: Clock }) {
    this.#most = changes;
    this.done = writeTo(this.#records(seed, clock), {
      // Its name is that of the current runtime.
      sink: orderSink('orders', (batch) => this.#put(batch)),
      // An abort ends waits between attempts.
      clock: { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, this.#stop.signal) },
      random: seededRandom(seed),
      recordsPerCall: changesPerCall,
      callsInFlight: 8,
      attempts: Number.MAX_SAFE_INTEGER,
      signal: this.#stop.signal,
      onLanded: (record) => {
        const change = changeOf(record);
        const earlier = this.changes.get(orderIdOf(change)) ?? [];
        this.changes.set(orderIdOf(change), [...earlier, change]);
      },
    });
    // A failure is reported to those who await it; without this it would be unhandled until then.
    this.done.catch(() => {});
  }

  /** Switches to this table; undefined makes writers wait for the next one. */
  use(table: FedTable | undefined): void {
    if (this.#isServed) this.#table = Promise.withResolvers();
    if (table !== undefined) this.#table.resolve(table);
    this.#isServed = table !== undefined;
  }

  /** Allows more changes to be written. */
  release(changes: number): void {
    this.#released = Math.min(this.#most, this.#released + changes);
    this.#wake.up();
  }

  /** Allows all changes. */
  finish(): void {
    this.release(this.#most);
  }

  /** Gives up unacknowledged changes, when the run is interrupted. */
  abandon(): void {
    this.#stop.abort();
    this.#table.reject(new Error('The run was interrupted.'));
    this.#table.promise.catch(() => {});
    this.#wake.up();
  }

  async *#records(seed: number, clock: Clock): AsyncGenerator<StreamRecord> {
    let given = 0;
    for await (const record of orderSource({ ...changeDefaults, seed, updates: 0.78 }, clock).records()) {
      while (given >= this.#released && given < this.#most && !this.#stop.signal.aborted) await this.#wake.sleep();
      if (given >= this.#most || this.#stop.signal.aborted) return;
      given += 1;
      yield record;
    }
  }

  async #put(batch: readonly OrderChange[]): Promise<OrderChange[]> {
    const { client, tableName } = await this.#table.promise;
    if (this.#stop.signal.aborted) throw new Error('The run was interrupted.');
    try {
      return await putChanges(client, tableName, batch);
    } catch (error) {
      if (connectionProblem(error) !== undefined || (error instanceof Error && '$fault' in error)) throw error;
      // The runtime crashed within the call, which may have taken effect.
      throw Object.assign(new Error('The runtime crashed within a call.', { cause: error }), { code: 'ECONNRESET' });
    }
  }
}
