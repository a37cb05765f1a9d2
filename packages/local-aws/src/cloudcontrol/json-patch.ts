import type { JsonObject } from '@tweet-pipes/kit/json';
import { applyPatch } from 'rfc6902';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

const path = z
  .string()
  // The package skips these steps, and takes the last one as the prototype.
  .refine((pointer) => !/(^|\/)(__proto__|constructor|prototype)(\/|$)/.test(pointer), 'a name that no property has')
  // Paths may lack their first slash, as in AWS's examples.
  .transform((pointer) => (pointer === '' || pointer.startsWith('/') ? pointer : `/${pointer}`));
const value = z.json();
const patchSchema = z.array(
  z.discriminatedUnion('op', [
    z.object({ op: z.literal('add'), path, value }),
    z.object({ op: z.literal('replace'), path, value }),
    z.object({ op: z.literal('test'), path, value }),
    z.object({ op: z.literal('remove'), path }),
    z.object({ op: z.literal('move'), path, from: path }),
    z.object({ op: z.literal('copy'), path, from: path }),
  ]),
);

/**
 * An object after a JSON patch (RFC 6902); the object itself stays. Throws AwsError `InvalidRequestException` for a
 * patch that cannot be applied, or that replaces the object as a whole.
 */
export function patched(properties: JsonObject, patchDocument: string): JsonObject {
  const parsed = patchSchema.safeParse(parse(patchDocument));
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const result = structuredClone(properties);
  const failure = applyPatch(result, parsed.data).find((outcome) => outcome !== null);
  if (failure !== undefined) throw invalid(failure.message);
  return result;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError('InvalidRequestException', 'Invalid patch: PatchDocument is no JSON.', { cause });
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', `Invalid patch: ${message}`);
}
