import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

import { RuntimeError } from './function-error.ts';

/** A loaded handler. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
export type Handler = (event: unknown, context: object) => unknown;

/**
 * Loads `file.export` from the function's folder, as ESM or CommonJS according to the extension or package.json. Throws
 * what the module throws while it loads, or Runtime.ImportModuleError, Runtime.UserCodeSyntaxError,
 * Runtime.HandlerNotFound, Runtime.CallbackHandlerDeprecated. Node 24 on Lambda has no handlers with a callback.
 */
export async function loadHandler(
  folder: string,
  handler: string,
  { takesCallbacks }: { takesCallbacks: boolean },
): Promise<Handler> {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  const [module, path] = [handler.slice(0, dot), handler.slice(dot + 1).split('.')];
  const file = ['.js', '.mjs', '.cjs'].map((ending) => join(folder, module + ending)).find((name) => existsSync(name));
  if (file === undefined) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);

  const exported = await importModule(file);
  const found = resolve(exported, path) ?? resolve(resolve(exported, ['default']), path);
  if (typeof found !== 'function')
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (found.length >= 3) {
    if (takesCallbacks) return withCallback((...given) => Reflect.apply(found, undefined, given));
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async function.',
    );
  }
  return (event, context) => Reflect.apply(found, undefined, [event, context]);
}

/** The first of the callback and the promise that it may return is its answer. */
function withCallback(handler: (...given: unknown[]) => unknown): Handler {
  return async (event, context) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const callback = (error: unknown, result?: unknown): void => {
      if (error === undefined || error === null) resolve(result);
      else reject(error);
    };
    const returned = handler(event, context, callback);
    return types.isPromise(returned) ? Promise.race([returned, promise]) : promise;
  };
}

async function importModule(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, { cause: error });
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (error instanceof Error && (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')) {
      throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function resolve(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
    value,
  );
}
