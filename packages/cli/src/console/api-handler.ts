import * as z from 'zod';
import { badRequest } from './api-error.ts';
import type { ConsoleContext } from './console-context.ts';

/** What the page asks. */
export interface ApiRequest {
  readonly query: URLSearchParams;
  /** The parsed body of a POST. */
  readonly body: unknown;
}

/**
 * Answers one path with a value that JSON can hold. May throw ApiError, or an error of AWS, which the page shows by its
 * name and message. Anything else is a defect.
 */
export type ApiHandler = (context: ConsoleContext, request: ApiRequest) => Promise<object>;

/** Handlers by method and path below `/_console/api/`: `GET session`. */
export type ApiRoutes = Readonly<Record<`${'GET' | 'POST'} ${string}`, ApiHandler>>;

/** Reads the query by a schema of texts. Throws ApiError 400 that names the wrong member. */
export function parseQuery<T>(schema: z.ZodType<T>, { query }: ApiRequest): T {
  return parse(schema, Object.fromEntries(query), 'query');
}

/** Reads the body by a schema. Throws ApiError 400 that names the wrong member. */
export function parseBody<T>(schema: z.ZodType<T>, { body }: ApiRequest): T {
  return parse(schema, body, 'body');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badRequest(`The ${what} cannot be used: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
}
