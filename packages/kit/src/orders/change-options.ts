/** Which changes to generate. Shares are of all changes, 0-1, together at most 1. */
export interface ChangeOptions {
  /** 0-4294967295. Different seeds share no order. */
  seed: number;
  /** Orders that take their next status. A new order stands in while none can. */
  updates: number;
  /** Orders that are deleted, whatever their status. A new order stands in while there is none. */
  deletes: number;
}

/** The defaults of all options. */
export const changeDefaults: ChangeOptions = { seed: 2026, updates: 0.3, deletes: 0.02 };

/** Throws RangeError for shares that are more than 1 together. */
export function checkShares({ updates, deletes }: Pick<ChangeOptions, 'updates' | 'deletes'>): void {
  const sum = updates + deletes;
  if (sum > 1) throw new RangeError(`The shares of updates and deletes are ${sum} together, but must be at most 1.`);
}
