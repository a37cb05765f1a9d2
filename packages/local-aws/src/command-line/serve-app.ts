import { existsSync, statSync } from 'node:fs';
import type { ProcessTerminal } from '@tweet-pipes/kit/command-line/process-terminal';
import type { InertPart, Runtime, RuntimeOptions } from '../runtime.ts';
import { ENVIRONMENT_WARNING, environmentLines } from './environment-lines.ts';
import type { RuntimeFlags } from './runtime-options.ts';
import { boot, serve } from './serve.ts';

/** What the program's flags say. */
export interface AppFlags extends RuntimeFlags {
  app?: string;
  stacks?: string[];
  context: Record<string, string>;
  region?: string;
  json?: true;
}

/** Runs an app of the working directory until Ctrl-C. Throws CliError. */
export async function serveApp(flags: AppFlags, terminal: ProcessTerminal): Promise<void> {
  const { stacks, context, json } = flags;
  const region = flags.region ?? (terminal.env.AWS_REGION || 'us-east-1');
  const options = { ...appOptions(flags.app), context, region, ...(stacks && { stacks }) };
  const booted = await boot(flags, options, terminal);
  try {
    const { runtime } = booted;
    if (json) terminal.out(JSON.stringify(readyFacts(runtime, region)));
    else for (const line of banner(runtime, region, options)) terminal.out(line);
    await serve(booted, terminal, { watch: flags.watch, watched: options.assemblyFolder ?? process.cwd() });
  } finally {
    await booted.runtime.stop();
  }
}

/** Where the app comes from: a command, a folder, cdk.json; else there is none. */
function appOptions(app: string | undefined): RuntimeOptions {
  if (app === undefined) return existsSync('cdk.json') ? {} : { empty: true };
  const isFolder = statSync(app, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? { assemblyFolder: app } : { app };
}

function readyFacts({ endpoint, dataFolder, stacks, deployedStacks }: Runtime, region: string): object {
  const all = [...stacks, ...deployedStacks];
  return { endpoint, region, dataFolder, stacks: all.map(({ name, outputs }) => ({ name, outputs })) };
}

function banner(runtime: Runtime, region: string, { empty }: RuntimeOptions): string[] {
  const outputs = [...runtime.stacks, ...runtime.deployedStacks].flatMap(({ name, outputs }) =>
    Object.entries(outputs).map(([key, value]) => `  ${name}.${key} = ${value}`),
  );
  return [
    '',
    ...(empty ? ['No app: there is no --app, and no cdk.json here.', ''] : []),
    ...(outputs.length > 0 ? ['Outputs:', ...outputs, ''] : []),
    ...inertLines(runtime.inert),
    'Use it from another shell, with any AWS SDK, boto3, the AWS CLI or the CDK CLI:',
    ...environmentLines(runtime.endpoint, region).map((line) => `  ${line}`),
    ENVIRONMENT_WARNING,
  ];
}

function inertLines(inert: readonly InertPart[]): string[] {
  if (inert.length === 0) return [];
  return [
    'In the templates, but inert on this machine:',
    ...inert.map(({ what, reason, logicalIds }) => `  ${what} (${logicalIds.join(', ')}): ${reason}`),
    '',
  ];
}
