/**
 * The shape of an error, for checks without `instanceof`: under a test runner, Node's own errors belong to another
 * realm.
 */
interface ErrorLike {
  readonly name: string;
  readonly message: string;
}

function isErrorLike(thrown: unknown): thrown is ErrorLike {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'name' in thrown &&
    typeof thrown.name === 'string' &&
    'message' in thrown &&
    typeof thrown.message === 'string'
  );
}

/** `Name: message` on one line, without a stack, for people. A plain `Error` gives its message alone. */
export function sentence(thrown: unknown): string {
  if (!isErrorLike(thrown)) return String(thrown);
  const { name, message } = thrown;
  const text = name === 'Error' || message.startsWith(name) ? message : `${name}: ${message}`;
  return text.replaceAll(/\s+/g, ' ');
}

/** The message alone, for texts that say themselves what failed. */
export function messageOf(thrown: unknown): string {
  return isErrorLike(thrown) ? thrown.message : String(thrown);
}

/** Whether an error has one of these names, which is how errors of AWS are told apart. */
export function isNamed(thrown: unknown, ...names: string[]): thrown is ErrorLike {
  return isErrorLike(thrown) && names.includes(thrown.name);
}

/** What a call answers, or undefined when it fails with an error of one of these names: of what is not there, say. */
export async function unlessError<T>(call: Promise<T>, ...names: string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, ...names)) return undefined;
    throw error;
  }
}

/** Whether a Node error has this code (`ENOENT`). */
export function hasCode(thrown: unknown, code: string): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === code;
}
