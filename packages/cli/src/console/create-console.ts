import { randomUUID } from 'node:crypto';
import { parseJson } from '@tweet-pipes/kit/json';
import { hasCode, isNamed } from '@tweet-pipes/kit/thrown';
import type { PageHandler, WireRequest, WireResponse } from '@tweet-pipes/local-aws';
import { jsonAnswer } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { ApiRoutes } from './api-handler.ts';
import type { ConsoleContext } from './console-context.ts';
import { createStaticFiles } from './static-files.ts';

export interface ConsoleOptions {
  /** What the page looks at; undefined until it is there, and the API answers 503 so long. */
  context(): ConsoleContext | undefined | Promise<ConsoleContext>;
  /** Default: all that the page knows, loaded at the first request. */
  routes?: ApiRoutes;
  /** Takes the lines for a person: a handler's defect, by name and path alone. */
  log(line: string): void;
}

const API = '/_console/api/';

/**
 * The server of the console page: its files at `/_console`, its API below `/_console/api/`. Whoever serves it keeps
 * other origins and hosts away, as the local endpoint does.
 */
export function createConsole({ context, routes: given, log }: ConsoleOptions): PageHandler {
  const instance = randomUUID();
  const staticFile = createStaticFiles();
  const answer = async (request: WireRequest, path: string): Promise<object> => {
    const routes = given ?? (await import('./api-routes.ts')).apiRoutes;
    const handler = Object.entries(routes).find(([name]) => name === `${request.method} ${path}`)?.[1];
    if (handler === undefined) throw noRoute(request.method, path, routes);
    const body = request.method === 'POST' ? readBody(request) : undefined;
    const current = await context();
    if (current === undefined)
      throw new ApiError(503, 'Starting', 'The runtime is starting. The page goes on by itself.');
    if (request.method === 'POST' && current.place === 'aws') throw readOnly();
    return handler(current, { query: new URL(request.url, 'http://console').searchParams, body });
  };
  return async (request): Promise<WireResponse> => {
    const [path = ''] = request.url.split('?');
    if (!path.startsWith(API)) {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const file = isRead ? await staticFile(path, request.headers['if-none-match']) : undefined;
      return file ?? jsonAnswer(404, failure('NotFound', `There is no ${path} here. The page is /_console.`), instance);
    }
    const name = path.slice(API.length);
    try {
      return jsonAnswer(200, await answer(request, name), instance);
    } catch (error) {
      return failureAnswer(error, `${request.method} ${name}`, instance, log);
    }
  };
}

function failureAnswer(error: unknown, what: string, instance: string, log: (line: string) => void): WireResponse {
  if (error instanceof ApiError) return jsonAnswer(error.statusCode, failure(error.name, error.message), instance);
  if (isOfAws(error)) return jsonAnswer(502, failure(error.name, error.message), instance);
  // The message could contain a tweet's text, so it stays here.
  const name = error instanceof Error ? error.name : typeof error;
  log(`The console page's ${what} failed: ${name}${frameOf(error)}`);
  return jsonAnswer(
    500,
    failure('InternalFailure', `A defect of the console (${name}). The runtime's output names the place.`),
    instance,
  );
}

/** Errors of the SDK carry what AWS answered, or the code of a connection that failed. */
function isOfAws(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const isConnection = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE'].some((code) =>
    hasCode(error, code),
  );
  return '$metadata' in error || isConnection || isNamed(error, 'TimeoutError', 'CredentialsProviderError', 'CliError');
}

function frameOf(error: unknown): string {
  const frame =
    error instanceof Error ? error.stack?.split('\n').find((line) => line.startsWith('    at ')) : undefined;
  return frame === undefined ? '' : ` ${frame.trim()}`;
}

function noRoute(method: string, path: string, routes: ApiRoutes): ApiError {
  const isKnown = Object.keys(routes).some((name) => name.endsWith(` ${path}`));
  return isKnown
    ? new ApiError(405, 'MethodNotAllowed', `${method} is not possible here.`)
    : new ApiError(
        404,
        'NotFound',
        `The console has no API ${path}. Load the page again if it is of an earlier version.`,
      );
}

function readOnly(): ApiError {
  return new ApiError(
    403,
    'ReadOnly',
    'The console of a deployed stack only reads. Do this with npx tweet-pipes or in the AWS console.',
  );
}

/** A form of another page cannot have this content type without asking first. */
function readBody({ headers, body }: WireRequest): unknown {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new ApiError(415, 'UnsupportedMediaType', 'Send JSON with content-type: application/json.');
  }
  const parsed = parseJson(body.toString('utf8'));
  if (parsed === undefined) throw new ApiError(400, 'BadRequest', 'The body is not JSON.');
  return parsed;
}

function failure(error: string, message: string): { error: string; message: string } {
  return { error, message };
}
