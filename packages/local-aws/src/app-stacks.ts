import { readdir, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type LinkedStack, linkStacks } from './assembly/link-stacks.ts';
import { readStacks } from './assembly/read-assembly.ts';
import type { Environment } from './assembly/resource-type.ts';
import { synthesize } from './assembly/synthesize.ts';
import type { WarmApp } from './assembly/warm-app.ts';
import { deployApp, inputsOf, type StackDeployment } from './cloudformation/deploy-app.ts';
import type { LocalStackEngine } from './cloudformation/engine.ts';
import { appOf } from './local-app.ts';
import { makePrivate } from './private-files.ts';
import type { RuntimeOptions } from './runtime-options.ts';

/** The app that a runtime runs, and where. */
export interface AppSource {
  readonly options: RuntimeOptions;
  readonly environment: Omit<Environment, 'stackName' | 'stackId'>;
}

/**
 * The stacks of the app, whose cloud assembly is in `folder`, or is synthesized into it. Throws SynthesisError,
 * AssemblyError and TemplateError.
 */
export async function resolveStacks(
  source: AppSource,
  folder: string,
  synthesizeInto = () => source.options.synthesis?.into(folder) ?? synthesizeApp(source, folder),
): Promise<LinkedStack[]> {
  const { options, environment } = source;
  if (options.empty) return [];
  if (options.assemblyFolder === undefined) {
    await synthesizeInto();
    // The CDK makes the folders of bundled assets writable for everybody, whatever the umask.
    await makePrivate(folder);
  }
  return linkStacks(await readStacks(folder), {
    environment,
    stacks: options.stacks,
    ignoreUnsupported: options.ignoreUnsupported ?? [],
  });
}

function synthesizeApp(source: AppSource, outputFolder: string): Promise<void> {
  const { signal, assemblyCacheFolder: cacheFolder } = source.options;
  return synthesize({
    ...appOf(source.options),
    outputFolder,
    ...(cacheFolder !== undefined && { cacheFolder }),
    signal,
  });
}

/** What {@link redeployment} works with. */
export interface RedeploymentParts extends AppSource {
  readonly engine: LocalStackEngine;
  readonly warmApp: WarmApp;
  /** Holds the cloud assemblies, each in a folder of its own: a rollback needs the files of the one before. */
  readonly assemblies: string;
  /** Called with the stacks of the app after each deployment. */
  onDeployed(stacks: LinkedStack[]): void;
}

/** `Runtime.deploy` of an app. */
export function redeployment(
  parts: RedeploymentParts,
): (options?: { isRepeated?: boolean }) => Promise<readonly StackDeployment[]> {
  const { options, engine, warmApp, assemblies } = parts;
  let count = 0;
  const deploy = async (isRepeated: boolean): Promise<readonly StackDeployment[]> => {
    count += 1;
    const folderOf = (number: number) => options.assemblyFolder ?? join(assemblies, String(number));
    const folder = folderOf(count);
    const synthesizeAgain = async () => {
      if (!isRepeated) return synthesizeApp(parts, folder);
      try {
        await warmApp.synthesize(folder);
      } finally {
        // What fails now fails again when it is needed.
        await warmApp.prepare(folderOf(count + 1)).catch(() => {});
      }
    };
    const stacks = await resolveStacks(parts, folder, synthesizeAgain);
    const deployments = await deployApp(engine, await inputsOf(stacks));
    parts.onDeployed(stacks);
    const used = engine.assetPaths();
    for (const name of await readdir(assemblies).catch(() => [])) {
      const old = join(assemblies, name);
      if (old !== folder && !used.some((path) => path.startsWith(join(old, sep)))) await rm(old, { recursive: true });
    }
    return deployments;
  };
  let deploying: Promise<readonly StackDeployment[]> = Promise.resolve([]);
  return ({ isRepeated = false } = {}) => {
    const again = () => deploy(isRepeated);
    deploying = deploying.then(again, again);
    return deploying;
  };
}
