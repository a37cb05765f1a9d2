import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach } from '@jest/globals';

/** Looks at a condition in successive turns of the event loop. Later ones are a millisecond apart. */
const QUICK_LOOKS = 30;

export interface UntilOptions {
  /** What is waited for, as the error names it. Default: the source text of the condition. */
  what?: string | (() => Promise<string>);
  /** Milliseconds between two looks, for a condition that is costly to look at. */
  everyMs?: number;
}

interface Wait {
  readonly what: string | (() => Promise<string>);
  isOver: boolean;
}

const waits = new Set<Wait>();

/**
 * Resolves when the condition holds. Rejects with what the condition throws.
 *
 * It has no time limit: Jest has one for each test. When a test ends while a condition does not hold, the wait ends and
 * the test's report names the condition, beside Jest's own error.
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { what = String(isSo), everyMs }: UntilOptions = {},
): Promise<void> {
  const wait: Wait = { what, isOver: false };
  waits.add(wait);
  try {
    for (let looks = 1; !(await isSo()); looks += 1) {
      if (wait.isOver) throw new Error('The test ended before its condition held.');
      if (everyMs === undefined && looks <= QUICK_LOOKS) await nextTurn();
      else await sleep(everyMs ?? 1);
    }
  } finally {
    waits.delete(wait);
  }
}

async function endWaits(): Promise<void> {
  const left = [...waits];
  for (const wait of left) wait.isOver = true;
  waits.clear();
  const names = await Promise.all(left.map(({ what }) => (typeof what === 'string' ? what : what().catch(String))));
  if (names.length > 0) throw new Error(`The test ended while this did not hold: ${names.join('; ')}`);
}

afterEach(endWaits);
afterAll(endWaits);
