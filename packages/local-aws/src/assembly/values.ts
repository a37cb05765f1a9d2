import { z } from 'zod';

/** A whole number as CloudFormation takes it: `100` or `"100"`. */
export const cfnInteger = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/, 'expected a whole number')
    .transform(Number),
]);

/** A boolean as CloudFormation takes it: `true` or `"true"`. */
export const cfnBoolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

/** A string as CloudFormation takes it: numbers and booleans are written out. */
export const cfnString = z.union([z.string(), z.union([z.number(), z.boolean()]).transform(String)]);
