import type { RequestContext } from '../gateway/local-service.ts';
import { WORKER_ACCESS_KEY_ID } from '../worker-key.ts';
import { fromEach, type MeteredItem, noUnits, type Units } from './metered.ts';

/**
 * Who caused the usage: the stack itself, or a client of the endpoint, such as the AWS CLI or another consumer.
 */
export type Payer = 'stack' | 'callers';

/** Counts usage as AWS would. */
export interface Meter {
  /** Adds usage; `amount` in the item's unit. Default payer: the stack. */
  add(item: MeteredItem, amount: number, payer?: Payer): void;
}

/** A meter in memory. Counts from the start of the runtime. */
export class UnitMeter implements Meter {
  readonly #counts = { stack: { ...noUnits }, callers: { ...noUnits } };

  add(item: MeteredItem, amount: number, payer: Payer = 'stack'): void {
    this.#counts[payer][item] += amount;
  }

  /** Usage of the stack so far, and everything put on its streams. */
  get stack(): Units {
    return fromEach((item) => this.#counts.stack[item]);
  }

  /** Usage of clients of the endpoint so far. */
  get callers(): Units {
    return fromEach((item) => this.#counts.callers[item]);
  }
}

/** A meter that counts nothing, for parts that are used alone. */
export const unmetered: Meter = { add: () => {} };

/** The payer of a call: the runtime's own workers sign with a reserved key. */
export function payerOf({ accessKeyId }: Pick<RequestContext, 'accessKeyId'>): Payer {
  return accessKeyId === WORKER_ACCESS_KEY_ID ? 'stack' : 'callers';
}

/** A size in units of `unitBytes`, rounded up, at least one. */
export function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
