import type { Command } from 'commander';
import * as z from 'zod';

const schema = z.object({ stack: z.string(), lakeStack: z.string(), salesStack: z.string() });

/** The names of the stacks: of the core and of both lakes. */
export interface StackNames extends z.output<typeof schema> {
  /** Whether the caller named the core's stack, and does not work on all that are there. */
  isCoreNamed: boolean;
  /** The lakes whose stacks the caller named. They must be there. */
  namedLakes: readonly ('tweets' | 'sales')[];
}

/** The names that `--stack`, `--lake-stack` and `--sales-stack` of the program give. */
export function stackNamesOf(command: Command): StackNames {
  const isNamed = (option: string) => command.getOptionValueSourceWithGlobals(option) === 'cli';
  const namedLakes: StackNames['namedLakes'] = [
    ...(isNamed('lakeStack') ? (['tweets'] as const) : []),
    ...(isNamed('salesStack') ? (['sales'] as const) : []),
  ];
  return { ...schema.parse(command.optsWithGlobals()), isCoreNamed: isNamed('stack'), namedLakes };
}
