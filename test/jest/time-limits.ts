import { setTimeout as sleep } from 'node:timers/promises';
import { addEventHandler } from 'jest-circus';

// The runner has no time limits. Without this file one test that hangs keeps the suite from ending, unnamed.

type Block = Parameters<Parameters<typeof addEventHandler>[0]>[1]['currentDescribeBlock'];

/** For what gives none. It is there for hangs only. */
const LIMIT_MS = 180_000;

addEventHandler((event, { currentDescribeBlock }) => {
  if (event.name === 'add_test') limit(currentDescribeBlock.tests.at(-1), event.timeout);
  if (event.name === 'add_hook') limit(currentDescribeBlock.hooks.at(-1), event.timeout);
});

function limit(entry: Block['tests'][number] | Block['hooks'][number] | undefined, limitMs = LIMIT_MS): void {
  if (entry === undefined) return;
  const { fn } = entry;
  entry.fn = async () => {
    const isDone = new AbortController();
    const expired = sleep(limitMs, undefined, { signal: isDone.signal }).then(() => {
      throw new Error(`Took longer than ${limitMs / 1_000} seconds.`);
    });
    try {
      await Promise.race([Reflect.apply(fn, undefined, []), expired]);
    } finally {
      expired.catch(() => {});
      isDone.abort();
    }
  };
}
