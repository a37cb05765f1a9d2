import { z } from 'zod';

/** How the message begins for a value that AWS takes and the runtime does not. */
export const ONLY_HERE = 'the local runtime supports only';

/** The values of a property that the runtime honours, where AWS takes others too. */
export function onlyHere<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, { error: `${ONLY_HERE} ${values.join(', ')}` });
}

/** A whole number as CloudFormation accepts it: `100` or `"100"`. */
export const cfnInteger = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^-?\d+$/, 'expected a whole number')
      .transform(Number),
  ],
  { error: 'expected a whole number' },
);

/** A number as CloudFormation accepts it: `0.5` or `"0.5"`. */
export const cfnNumber = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/, 'expected a number')
      .transform(Number),
  ],
  { error: 'expected a number' },
);

/** A boolean as CloudFormation accepts it: `true` or `"true"`. */
export const cfnBoolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')], {
  error: 'expected true or false',
});

/** A string as CloudFormation accepts it: numbers and booleans become text. */
export const cfnString = z.union([z.string(), z.union([z.number(), z.boolean()]).transform(String)]);
