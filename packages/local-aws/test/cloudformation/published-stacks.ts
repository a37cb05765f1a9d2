import type { Stack, StackEngine } from '../../src/cloudformation/stack.ts';

/** What a test says of a stack. */
export interface PublishedStack extends Partial<Stack> {
  readonly name: string;
}

/** Stacks that are said to exist, without an engine that makes them. */
export interface PublishedStacks extends Pick<StackEngine, 'find' | 'stacks'> {
  /** Adds a stack, or puts it in the place of one of the same name. */
  publish(stack: PublishedStack): void;
}

export function createPublishedStacks(): PublishedStacks {
  const stacks = new Map<string, Stack>();
  return {
    find: (nameOrId) => [...stacks.values()].find(({ name, id }) => nameOrId === name || nameOrId === id),
    stacks: () => [...stacks.values()].reverse(),
    publish: (stack) =>
      void stacks.set(stack.name, {
        id: `arn:aws:cloudformation:us-east-1:000000000000:stack/${stack.name}/1`,
        ...{ status: 'CREATE_COMPLETE', templateText: '{}', createdAtMs: 0 },
        ...{ parameters: {}, tags: {}, capabilities: [], outputs: [], resources: [] },
        ...{ disableRollback: false, terminationProtection: false },
        ...stack,
      }),
  };
}
