import { isNamed } from '@tweet-pipes/kit/thrown';

/** What a call answers, or undefined when it fails with an error of one of these names: of what is not there, say. */
export async function unlessError<T>(call: Promise<T>, ...names: string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, ...names)) return undefined;
    throw error;
  }
}
