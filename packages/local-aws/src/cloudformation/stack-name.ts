import { validationError } from './validation-error.ts';

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/** Throws AwsError `ValidationError` for a text that is no name of a stack. */
export function checkStackName(name: string): void {
  if (NAME.test(name)) return;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy ` +
      'regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
  );
}
