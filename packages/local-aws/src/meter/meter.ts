import type { RequestContext } from '../gateway/local-service.ts';
import { WORKER_ACCESS_KEY_ID } from '../worker-key.ts';
import { fromEach, type MeteredItem, noUnits, type Units } from './metered.ts';

/**
 * For whom something was done: for the stack itself, or for a client of the endpoint, such as `top`, an AWS CLI or a
 * consumer of someone's own.
 */
export type Payer = 'stack' | 'callers';

/** Where the parts of the runtime tell what AWS would count. */
export interface Meter {
  /** `amount` in the item's unit. Default: the stack did it. */
  add(item: MeteredItem, amount: number, payer?: Payer): void;
}

/** Counts from the start of the runtime on, in memory. */
export class UnitMeter implements Meter {
  readonly #counts = { stack: { ...noUnits }, callers: { ...noUnits } };

  add(item: MeteredItem, amount: number, payer: Payer = 'stack'): void {
    this.#counts[payer][item] += amount;
  }

  /** What the stack did so far, and what was put on its streams. */
  get stack(): Units {
    return fromEach((item) => this.#counts.stack[item]);
  }

  /** What clients of the endpoint did beside that. */
  get callers(): Units {
    return fromEach((item) => this.#counts.callers[item]);
  }
}

/** For parts that are used on their own, in tests mostly. */
export const unmetered: Meter = { add: () => {} };

/** Who made a call: the runtime's own workers sign with a key of their own. */
export function payerOf({ accessKeyId }: Pick<RequestContext, 'accessKeyId'>): Payer {
  return accessKeyId === WORKER_ACCESS_KEY_ID ? 'stack' : 'callers';
}

/** A size in whole units of `unitBytes`, at least one. */
export function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
