import { z } from 'zod';
import { AwsError } from './aws-error.ts';

/**
 * How a service parses the inputs of its operations. `errorName` is the service's name of the AwsError for an input
 * that does not fit, which names each such member.
 */
export function createInputParser(errorName: string): <T>(schema: z.ZodType<T>, input: unknown) => T {
  return (schema, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new AwsError(errorName, z.prettifyError(parsed.error));
  };
}
