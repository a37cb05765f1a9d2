import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { isKept, keepAssembly, nameOfAssembly, takeAssembly } from './assembly-cache.ts';
import { type AppCommand, CommandError, runApp } from './run-app.ts';

const cdkJsonSchema = z.object({
  app: z.string().optional(),
  /** A command that runs before the app. */
  build: z.string().optional(),
  context: z.record(z.string(), z.unknown()).default({}),
});

/** What the CDK CLI adds to the context, so that the templates are those of `cdk synth`. */
const AS_THE_CLI = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

/**
 * The app ended without a cloud assembly. The message holds what the app printed, such as the name of a wrong option.
 * Not retryable.
 */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/** The app, its context, and the place of its cloud assembly. */
export interface SynthesizeOptions {
  /** The folder of the CDK app, with its `cdk.json`. */
  appFolder: string;
  /** The command that runs the app, as for a shell. Default: `app` of cdk.json, which need not be there else. */
  app?: string | undefined;
  /** Where the cloud assembly is written. Existing content is deleted. */
  outputFolder: string;
  /** Context values beside those in cdk.json, as `-c` sets them: `{ shards: 4 }`. */
  context?: Readonly<Record<string, unknown>>;
  /**
   * Where assemblies are kept. One is used again while no file of the app's folder has changed. Only for an app that
   * depends on nothing else, such as files outside of its folder or the time. Default: none are kept.
   */
  cacheFolder?: string;
  /** Environment variables of the app beside those of this process. */
  environment?: Readonly<Record<string, string>>;
  /** Ends the app. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a CDK app as `cdk synth` does, without the CDK CLI, in a third of the time. Makes no look-ups on AWS. Throws
 * {@link SynthesisError}.
 */
export async function synthesize(options: SynthesizeOptions): Promise<void> {
  const { ended } = await beginSynthesis(options);
  await ended;
}

/**
 * Begins what {@link synthesize} does: resolves when the app runs, or a kept assembly is being copied. `ended` resolves
 * when the assembly is there. Both throw {@link SynthesisError}.
 */
export async function beginSynthesis(options: SynthesizeOptions): Promise<{ readonly ended: Promise<void> }> {
  const { appFolder, outputFolder, context = {}, cacheFolder } = options;
  await rm(outputFolder, { recursive: true, force: true });
  const name = () =>
    nameOfAssembly({ appFolder, app: options.app, context, environment: { ...process.env, ...options.environment } });
  const before = cacheFolder === undefined ? undefined : name();
  const commands = await synthesisCommands(options);
  const run = async () => {
    await runBoth(commands);
    // A file that changed meanwhile may be in it or not.
    if (cacheFolder !== undefined && before === name()) await keepAssembly(cacheFolder, before, outputFolder);
  };
  const takeOrRun = async (folder: string, kept: string) => {
    if (!(await takeAssembly(folder, kept, outputFolder))) await run();
  };
  const isThere = cacheFolder !== undefined && before !== undefined && (await isKept(cacheFolder, before));
  const ended = isThere ? takeOrRun(cacheFolder, before) : run();
  ended.catch(() => {}); // A caller that waits for it gets it.
  return { ended };
}

async function runBoth({ build, app }: SynthesisCommands): Promise<void> {
  if (build !== undefined) await succeeded(build, runApp(build));
  await succeeded(app, runApp(app));
}

interface SynthesisCommands {
  readonly build: AppCommand | undefined;
  readonly app: AppCommand;
}

/**
 * The commands that synthesize an app: its build, if it has one, and the app itself. Throws {@link SynthesisError} for
 * a `cdk.json` that cannot be used.
 */
export async function synthesisCommands(options: SynthesizeOptions): Promise<SynthesisCommands> {
  const { appFolder, outputFolder, context = {}, signal, environment = {} } = options;
  const cdkJson = await readCdkJson(options);
  const app = options.app ?? cdkJson.app;
  if (app === undefined) {
    throw new SynthesisError(
      `${join(appFolder, 'cdk.json')} has no "app", the command that runs the app. Name it there, or give one.`,
    );
  }
  const command = (text: string): AppCommand => ({
    command: text,
    folder: appFolder,
    signal,
    environment: {
      ...outsideNpm(process.env),
      ...environment,
      CDK_OUTDIR: outputFolder,
      // The rules of CloudFormation take a second. The runtime checks what it can run, `cdk synth` the rest.
      CDK_VALIDATION: process.env.CDK_VALIDATION ?? 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ ...AS_THE_CLI, ...cdkJson.context, ...context }),
    },
  });
  return { build: cdkJson.build === undefined ? undefined : command(cdkJson.build), app: command(app) };
}

/** Resolves when a command has succeeded. Throws {@link SynthesisError} when it fails. */
export async function succeeded({ command }: AppCommand, ended: Promise<void>): Promise<void> {
  try {
    await ended;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SynthesisError(`The CDK app (${command}) could not be synthesized:\n${error.message}`, { cause: error });
  }
}

/** cdk.json with the looked-up values of cdk.context.json, as far as they are there. */
async function readCdkJson({ appFolder, app }: SynthesizeOptions): Promise<z.infer<typeof cdkJsonSchema>> {
  const file = join(appFolder, 'cdk.json');
  const settings = await readJsonFile(file, cdkJsonSchema);
  if (settings === undefined && app === undefined) {
    throw new SynthesisError(
      `There is no ${file}. appFolder is the folder of a CDK app; assemblyFolder takes one that ` +
        'is synthesized already.',
    );
  }
  const { context, ...rest } = settings ?? { context: {} };
  const lookedUp = await readJsonFile(join(appFolder, 'cdk.context.json'), z.record(z.string(), z.unknown()));
  return { ...rest, context: { ...lookedUp, ...context } };
}

async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw new SynthesisError(`${file} cannot be used: ${sentence(cause)}.`, { cause });
  }
}

/**
 * The environment without npm's own variables. An app may bundle functions with `npx esbuild`, and an npx that runs
 * under `npx -c <command>` would run that command instead.
 */
function outsideNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_/i.test(name)));
}
