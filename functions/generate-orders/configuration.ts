import * as z from 'zod';

/** The settings of the function, read from its environment. */
export interface Configuration {
  /** Physical name of the table `orders`. */
  tableName: string;
  /** Changes that one invocation writes: those of a minute. */
  changesPerMinute: number;
}

const schema = z.object({
  ORDER_TABLE: z.string().min(1),
  CHANGES_PER_MINUTE: z.string().regex(/^\d+$/).transform(Number).pipe(z.int()),
});

/** Reads the environment. Throws an Error that names each variable that is wrong. */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) throw new Error(`The environment is wrong.\n${z.prettifyError(parsed.error)}`);
  return { tableName: parsed.data.ORDER_TABLE, changesPerMinute: parsed.data.CHANGES_PER_MINUTE };
}
