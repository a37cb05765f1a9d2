import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CORE_STACK } from '@tweet-pipes/cli/stack/core-stack';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { type Assembly, readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import * as z from 'zod';

/** A Lambda handler: an event and a context in, the answer out. */
export type Handler = (event: unknown, context: JsonObject) => Promise<unknown>;

const bundle = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });

/**
 * Loads the handler of the only function of the pipeline's stack into this process, from the bundle that is deployed.
 * `environment` is added to the process's own. Throws if the stack has no or several functions, or the bundle no
 * handler.
 */
export async function deployedHandler(
  assemblyFolder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Handler> {
  const folder = bundleFolder(await readAssembly(assemblyFolder, { stack: CORE_STACK }));
  Object.assign(process.env, environment);
  const loaded: unknown = await import(pathToFileURL(join(folder, 'index.mjs')).href);
  return bundle.parse(loaded).handler;
}

function bundleFolder({ template, assets }: Assembly): string {
  const [code, ...others] = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties?.Code);
  const key = isJsonObject(code) ? code.S3Key : undefined;
  const asset = typeof key === 'string' ? assets.get(key) : undefined;
  if (asset === undefined || others.length > 0) throw new Error('The assembly must have one function with its code.');
  return asset.path;
}
