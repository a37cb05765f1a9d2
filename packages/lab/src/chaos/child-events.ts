import { z } from 'zod';

import type { End } from './end.ts';

/** What the runtime's process is told, as JSON in its first argument. */
export interface ChildOptions {
  dataFolder: string;
  assemblyFolder: string;
  end: End;
  faults: string;
}

/** What it says, one JSON line each on its standard output. */
export const childEvent = z.union([
  z.strictObject({ ready: z.strictObject({ endpoint: z.string(), stackName: z.string() }) }),
  /** Event ids that are being handed to the workflow. */
  z.strictObject({ delivered: z.array(z.string()) }),
  /** Injected faults so far in this life, by kind. */
  z.strictObject({ faults: z.record(z.string(), z.number()) }),
  /** About to kill itself where it was told to. */
  z.strictObject({ dying: z.literal(true) }),
]);

export type ChildEvent = z.output<typeof childEvent>;
