import { z } from 'zod';

/** A whole number as CloudFormation accepts it: `100` or `"100"`. */
export const cfnInteger = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/, 'expected a whole number')
    .transform(Number),
]);

/** A number as CloudFormation accepts it: `0.5` or `"0.5"`. */
export const cfnNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, 'expected a number')
    .transform(Number),
]);

/** A boolean as CloudFormation accepts it: `true` or `"true"`. */
export const cfnBoolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

/** A string as CloudFormation accepts it: numbers and booleans become text. */
export const cfnString = z.union([z.string(), z.union([z.number(), z.boolean()]).transform(String)]);
