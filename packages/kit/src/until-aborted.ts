/**
 * The items of a source until it ends or the signal aborts, whichever comes first: also while a live source keeps the
 * next item waiting. The source is told to end, but not waited for.
 */
export async function* untilAborted<T>(source: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  // A promise per item, not one to race them all against: that one would remember every item until the end.
  let stop = () => {};
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        stop = () => resolve(undefined);
        Promise.resolve(iterator.next()).then(resolve, reject);
      });
      if (next === undefined || next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // A generator that itself waits for its source answers only when that does; its error then has nobody to go to.
    Promise.resolve(iterator.return?.()).catch(() => {});
  }
}
