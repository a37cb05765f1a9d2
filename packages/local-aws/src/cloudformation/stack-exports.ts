import type { Stack, StackOutputValue } from './stack.ts';
import { validationError } from './validation-error.ts';

/** Values of the exports of stacks, by name. */
export function exportsOf(stacks: readonly Pick<Stack, 'outputs'>[]): Map<string, string> {
  const outputs = stacks.flatMap((stack) => stack.outputs);
  return new Map(outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value]])));
}

/** Throws AwsError `ValidationError` for outputs that export a name of another stack. */
export function refuseDuplicateExports(
  outputs: readonly StackOutputValue[],
  others: readonly Pick<Stack, 'name' | 'outputs'>[],
): void {
  for (const { exportName } of outputs) {
    if (exportName === undefined) continue;
    const other = others.find((stack) => stack.outputs.some((each) => each.exportName === exportName));
    if (other === undefined) continue;
    throw validationError(`Export with name ${exportName} is already exported by stack ${other.name}.`);
  }
}

/** Throws AwsError `ValidationError` for an export that would change or go while another stack imports it. */
export function refuseChangedExports(
  before: readonly StackOutputValue[],
  after: readonly StackOutputValue[],
  others: readonly Pick<Stack, 'name' | 'imports'>[],
): void {
  for (const { exportName, value } of before) {
    if (exportName === undefined) continue;
    const user = others.find(({ imports }) => imports.includes(exportName));
    const now = after.find((each) => each.exportName === exportName);
    if (user === undefined || now?.value === value) continue;
    const what = now === undefined ? 'deleted' : 'updated';
    throw validationError(`Export ${exportName} cannot be ${what} as it is in use by ${user.name}`);
  }
}
