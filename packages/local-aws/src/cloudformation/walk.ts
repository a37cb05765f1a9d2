import { dependencyOrder } from '../assembly/order.ts';

/** How {@link walk} goes through things that depend on each other. */
export interface Walk<T> {
  idOf(thing: T): string;
  /** Ids of what comes before it. Unknown ones count as done. */
  before(thing: T): Iterable<string>;
  visit(thing: T): Promise<void>;
  /** Whether what does not depend on a failed thing is visited after a failure. */
  keepGoing: boolean;
}

/**
 * Visits each thing as soon as those before it are done, others at the same time. Returns what was thrown by id, in the
 * order of `things`. What depends on a failed thing is not visited; without `keepGoing` nothing begins after a failure.
 */
export async function walk<T>(
  things: readonly T[],
  { idOf, before, visit, keepGoing }: Walk<T>,
): Promise<ReadonlyMap<string, unknown>> {
  const byId = new Map(things.map((thing) => [idOf(thing), thing]));
  const known = (thing: T) => [...before(thing)].filter((id) => byId.has(id));
  const { order } = dependencyOrder(new Map(things.map((thing) => [idOf(thing), new Set(known(thing))])));
  const failed = new Map<string, unknown>();
  const started = new Map<string, Promise<boolean>>();

  const go = async (id: string, thing: T): Promise<boolean> => {
    const done = await Promise.all(known(thing).map((other) => started.get(other) ?? true));
    if (!done.every(Boolean) || (failed.size > 0 && !keepGoing)) return false;
    try {
      await visit(thing);
      return true;
    } catch (error) {
      failed.set(id, error);
      return false;
    }
  };
  for (const id of order) {
    const thing = byId.get(id);
    if (thing !== undefined) started.set(id, go(id, thing));
  }
  await Promise.all(started.values());
  return new Map([...byId.keys()].flatMap((id) => (failed.has(id) ? [[id, failed.get(id)] as const] : [])));
}
