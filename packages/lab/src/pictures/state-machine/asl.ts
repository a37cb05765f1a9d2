import * as z from 'zod';

const catcher = z.object({ ErrorEquals: z.array(z.string()), Next: z.string() });

const rule = z.object({ Condition: z.union([z.string(), z.boolean()]).optional(), Next: z.string() });

const state = z.object({
  Type: z.enum(['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map']),
  Resource: z.string().optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Choices: z.array(rule).default([]),
  Default: z.string().optional(),
  Catch: z.array(catcher).default([]),
  MaxConcurrency: z.union([z.number(), z.string()]).optional(),
  get ItemProcessor() {
    return machine.optional();
  },
  get Iterator() {
    return machine.optional();
  },
  get Branches() {
    return z.array(machine).default([]);
  },
});

const machine = z.object({ StartAt: z.string(), States: z.record(z.string(), state) });

/** What a picture needs of a state of the Amazon States Language. */
export type AslState = z.infer<typeof state>;

/** What a picture needs of a state machine, or of the part that a Map or a Parallel state runs. */
export type AslMachine = z.infer<typeof machine>;

/** Reads a definition that was parsed from JSON or YAML. Throws with the path of what is not Amazon States Language. */
export function readAsl(definition: unknown): AslMachine {
  const result = machine.safeParse(definition);
  if (!result.success) throw new Error(`This is not a state machine: ${z.prettifyError(result.error)}`);
  return result.data;
}
