import { z } from 'zod';
import { validationError } from '../errors.ts';

/** A number, in the Query protocol as text. */
export const number = z.coerce.number().refine(Number.isFinite, 'expected a number');

/** A boolean, in the Query protocol as text. */
export const boolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

/** A time: epoch seconds in JSON, text of ISO 8601 in the Query protocol, a date in CBOR. */
export const time = z
  .union([
    z.date(),
    z.number().transform((seconds) => new Date(seconds * 1000)),
    z.string().transform((text) => new Date(text)),
  ])
  .refine((date) => !Number.isNaN(date.getTime()), 'expected a time');

/** The dimensions of a metric. */
export const dimensions = z
  .array(z.strictObject({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30);

/** The dimensions as values by name. */
export function dimensionsOf(list: z.infer<typeof dimensions> = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

/** The reverse of {@link dimensionsOf}. */
export function dimensionList(values: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}

/**
 * A period in seconds. AWS: 1, 5, 10, 20, 30, or a multiple of 60.
 */
export const period = number.refine(
  (seconds) => [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
  'expected 1, 5, 10, 20, 30 or a multiple of 60',
);

/** Parses the input of an operation. Throws ValidationError that names the member. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    throw validationError(
      `${[path, issue.keys[0]].filter(Boolean).join('.')} is not supported by the local endpoint; docs/feature-support.md lists what is.`,
    );
  }
  throw validationError(`${path === '' ? 'The request' : path}: ${issue?.message}.`);
}

/** One page of a list. Throws ValidationError for a token that is none. */
export function pageOf<Element>(
  list: readonly Element[],
  token: string | undefined,
  most: number,
): { page: readonly Element[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0 || start > list.length) throw validationError('NextToken is not valid.');
  const end = start + most;
  return { page: list.slice(start, end), next: end < list.length ? String(end) : undefined };
}
