import type { LinkedStack } from './link-stacks.ts';
import { type LoadedStack, loadStack } from './load-stack.ts';
import type { LoadContext } from './resource-type.ts';

/** A stack of several that is loaded. */
export interface LoadedLinkedStack extends LoadedStack, LinkedStack {}

/**
 * Creates the resources of stacks one stack after the other, and hands on what they export. Throws as
 * {@link loadStack}; later stacks are not created then.
 */
export async function loadStacks(
  stacks: readonly LinkedStack[],
  context: Omit<LoadContext, 'assets'>,
): Promise<LoadedLinkedStack[]> {
  const exported = new Map<string, string>();
  const loaded: LoadedLinkedStack[] = [];
  for (const { assembly, template } of stacks) {
    const stack = await loadStack(template, { ...context, assets: assembly.assets }, exported);
    for (const { exportName, value } of stack.outputs) if (exportName !== undefined) exported.set(exportName, value);
    loaded.push({ ...stack, assembly, template });
  }
  return loaded;
}
