import type { Fact } from '@tweet-pipes/console/fact';
import { sentence } from '@tweet-pipes/kit/thrown';

/** Does the work of one reader. A failure is why the fact is not known, and does not end the others. */
export async function factOf<T>(work: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: true, value: await work() };
  } catch (error) {
    return { known: false, why: sentence(error).replace(/\.$/, '') };
  }
}

/** The value, or undefined where it is not known. */
export function knownValue<T>(fact: Fact<T> | undefined): T | undefined {
  return fact?.known === true ? fact.value : undefined;
}

/** Ends a reader: there is no error, and no value either. The message is why, without the full stop. */
export class NotKnown extends Error {
  // The message stands alone, as of a plain error.
  override readonly name = 'Error';
}
