import type { RequestContext } from '../gateway/local-service.ts';
import { isWorkerKey } from '../iam/caller.ts';
import { fromEach, type MeteredItem, noUnits, type Units } from './metered.ts';

/**
 * Who caused the usage: the stack itself, or a client of the endpoint, such as the AWS CLI or another consumer.
 */
export type Payer = 'stack' | 'callers';

/** Counts usage as AWS would. */
export interface Meter {
  /** Adds usage; `amount` in the item's unit. Default payer: the stack. */
  add(item: MeteredItem, amount: number, payer?: Payer): void;
  /** The same meter for the usage of one resource, by its name or ARN, which tells the stack that it belongs to. */
  of(resource: string): Meter;
}

/** A meter in memory. Counts from the start of the runtime. */
export class UnitMeter implements Meter {
  readonly #all = { stack: { ...noUnits }, callers: { ...noUnits } };
  readonly #byStack = new Map<string, Record<MeteredItem, number>>();

  add(item: MeteredItem, amount: number, payer: Payer = 'stack'): void {
    this.#all[payer][item] += amount;
  }

  of(resource: string): Meter {
    const ledger = this.#byStack.get(stackOf(resource, this.#byStack.keys()) ?? '');
    return {
      add: (item, amount, payer = 'stack') => {
        this.add(item, amount, payer);
        if (ledger !== undefined && payer === 'stack') ledger[item] += amount;
      },
      of: (other) => this.of(other),
    };
  }

  /** Counts the usage of stacks apart from now on. Comes before the first `of` of their resources. */
  separate(stackNames: readonly string[]): void {
    for (const name of stackNames) if (!this.#byStack.has(name)) this.#byStack.set(name, { ...noUnits });
  }

  /** Usage of all stacks so far, and everything put on their streams. */
  get stack(): Units {
    return fromEach((item) => this.#all.stack[item]);
  }

  /** Usage so far of the resources of each stack that is counted apart. */
  get byStack(): Readonly<Record<string, Units>> {
    return Object.fromEntries([...this.#byStack].map(([name, ledger]) => [name, fromEach((item) => ledger[item])]));
  }

  /** Usage of clients of the endpoint so far. */
  get callers(): Units {
    return fromEach((item) => this.#all.callers[item]);
  }
}

/** A meter that counts nothing, for parts that are used alone. */
export const unmetered: Meter = { add: () => {}, of: () => unmetered };

/**
 * The stack of a resource, given its name or ARN: a resource is named `<stack>-<logical id>` here (physicalName), or
 * like its stack. Letters of another case and `_` for `-` are those of buckets and databases. Of two stacks that fit,
 * the one with the longer name. Undefined for a resource of no stack.
 */
export function stackOf(resource: string, stackNames: Iterable<string>): string | undefined {
  const folded = (name: string) => name.toLowerCase().replaceAll('_', '-');
  const name = folded(/[^:/]*$/.exec(resource)?.[0] ?? '');
  return [...stackNames]
    .filter((stack) => name === folded(stack) || name.startsWith(`${folded(stack)}-`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The payer of a call: the runtime's own workers sign with a reserved key. */
export function payerOf({ accessKeyId }: Pick<RequestContext, 'accessKeyId'>): Payer {
  return isWorkerKey(accessKeyId) ? 'stack' : 'callers';
}

/** A size in units of `unitBytes`, rounded up, at least one. */
export function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
