import { z } from 'zod';

import type { CrashPoint } from './crash-point.ts';

/** The options of the runtime's process, as JSON in its first argument. */
export interface ChildOptions {
  dataFolder: string;
  assemblyFolder: string;
  crashPoint: CrashPoint;
  faults: string;
  /** Names of the stacks to run. */
  stacks: readonly string[];
}

/** What it does on a line of its standard input. */
export type ChildCommand = 'fill disk' | 'free disk';

/** Its events, one JSON line each on its standard output. */
export const childEvent = z.union([
  z.strictObject({ ready: z.strictObject({ endpoint: z.string(), stackName: z.string() }) }),
  /** Event ids of a batch that is being delivered to the workflow. */
  z.strictObject({ delivered: z.array(z.string()) }),
  /** Injected faults so far in this round, by kind. */
  z.strictObject({ faults: z.record(z.string(), z.number()) }),
  /** About to kill itself at the crash point. */
  z.strictObject({ crashing: z.literal(true) }),
]);

/** One event. */
export type ChildEvent = z.output<typeof childEvent>;
