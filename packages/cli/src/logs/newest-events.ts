/** The newest of the events, `most` of them, which come in the order of time. None when the signal aborts. */
export async function* newestEvents<T>(events: AsyncIterable<T>, most: number, signal: AbortSignal): AsyncGenerator<T> {
  const kept: T[] = [];
  for await (const event of events) {
    if (signal.aborted) return;
    kept.push(event);
    if (kept.length > most) kept.shift();
  }
  yield* kept;
}
