import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { connectionProblem } from '@tweet-pipes/kit/connection-error';
import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { changesPerCall, putChanges } from '@tweet-pipes/kit/orders/put-changes';
import { seededRandom } from '@tweet-pipes/kit/random';
import { orderSink } from '@tweet-pipes/producer/orders/order-sink';
import { changeOf, orderSource } from '@tweet-pipes/producer/orders/order-source';
import { writeTo } from '@tweet-pipes/producer/writer';
import { crashedWithin, Feed } from './feed.ts';

/** The table of orders of the current runtime. */
export interface FedTable {
  client: DynamoDBClient;
  tableName: string;
}

/**
 * Writes changes of orders. It repeats each until it is acknowledged: a repeated change leaves the same item. Changes
 * of an order keep their order.
 */
export class OrderFeeder extends Feed<FedTable> {
  /** The acknowledged changes of each order, in their order. */
  readonly changes = new Map<string, OrderChange[]>();
  /** Resolves after {@link finish} when all changes are acknowledged. */
  readonly done: Promise<unknown>;

  readonly #most: number;

  constructor({ seed, changes, clock = systemClock }: { seed: number; changes: number; clock?: Clock }) {
    super();
    this.#most = changes;
    const source = orderSource({ ...changeDefaults, seed, updates: 0.78 }, clock);
    this.done = writeTo(this.whenReleased(source.records()), {
      // Its name is that of the current runtime.
      sink: orderSink('orders', (batch) => this.#put(batch)),
      random: seededRandom(seed),
      recordsPerCall: changesPerCall,
      callsInFlight: 8,
      ...this.persistently(clock),
      onLanded: (record) => {
        const change = changeOf(record);
        const earlier = this.changes.get(orderIdOf(change)) ?? [];
        this.changes.set(orderIdOf(change), [...earlier, change]);
      },
    });
    // A failure is reported to those who await it; without this it would be unhandled until then.
    this.done.catch(() => {});
  }

  /** Allows more changes to be written, at most all. */
  override release(changes: number): void {
    super.release(Math.min(changes, this.#most - this.released));
  }

  /** Allows all changes. */
  override finish(): void {
    this.release(this.#most);
    super.finish();
  }

  async #put(batch: readonly OrderChange[]): Promise<OrderChange[]> {
    const { client, tableName } = await this.target();
    try {
      return await putChanges(client, tableName, batch);
    } catch (error) {
      if (connectionProblem(error) !== undefined || (error instanceof Error && '$fault' in error)) throw error;
      throw crashedWithin(error);
    }
  }
}
