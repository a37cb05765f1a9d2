import type { ConsoleContext } from './console-context.ts';

/**
 * Makes something once for each context, when it is first asked for. It goes with the context. A promise that rejects
 * is not kept: the next caller makes it again.
 */
export function perContext<T extends object>(make: (context: ConsoleContext) => T): (context: ConsoleContext) => T {
  const made = new WeakMap<ConsoleContext, T>();
  return (context) => {
    const known = made.get(context);
    if (known !== undefined) return known;
    const fresh = make(context);
    made.set(context, fresh);
    if (fresh instanceof Promise) fresh.catch(() => made.delete(context));
    return fresh;
  };
}
