import { isNamed } from '@tweet-pipes/kit/thrown';

/** What a call answers, or undefined when what it is about does not exist: it fails with one of these errors. */
export async function unlessMissing<T>(call: Promise<T>, ...missing: string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, ...missing)) return undefined;
    throw error;
  }
}
