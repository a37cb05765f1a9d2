import { defaultStacks } from '../options/stacks.ts';
import { STREAM_OUTPUT } from './core-stack.ts';

/** What an output of each stack of this project is called that no other stack has. */
export const STACK_MARKS = {
  stack: STREAM_OUTPUT,
  lakeStack: 'LakeBucketName',
  salesStack: 'SalesBucketName',
} as const;

/** Whether a stack is one of this project's, by its outputs, whatever its name. */
export function isOwnStack({ outputs }: { readonly outputs: Readonly<Record<string, string>> }): boolean {
  return Object.values(STACK_MARKS).some((output) => Object.hasOwn(outputs, output));
}

/** The command that shows what a resource of a stack logged, for messages. */
export function logsCommand({ stack, label }: { readonly stack: string; readonly label: string }): string {
  const option = defaultStacks.includes(stack) ? '' : ` --stack ${stack}`;
  return `npx tweet-pipes logs ${label}${option}`;
}
