/** What was thrown, looked at without `instanceof`: errors of Node itself need not be of this realm (test runners have their own). */
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

/** One sentence for people: `Name: message`, without a stack. */
export function sentence(thrown: unknown): string {
  if (!isErrorLike(thrown)) return String(thrown);
  const { name, message } = thrown;
  return name === 'Error' || message.startsWith(name) ? message : `${name}: ${message}`;
}

/** Whether an error has this name, as SDK errors are told apart. */
export function isNamed(thrown: unknown, name: string): boolean {
  return isErrorLike(thrown) && thrown.name === name;
}

/** Whether a Node error has this code (`ENOENT`). */
export function hasCode(thrown: unknown, code: string): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === code;
}
