import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { AssemblyError } from '@tweet-pipes/local-aws';
import { SynthesisError, synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { PROJECT_APP } from '../project-folder.ts';
import { type AppFacts, readAppFacts } from './stack-facts.ts';
import { readTemplates } from './templates.ts';

/**
 * Synthesizes the app with these context options into a folder and reads the facts of the named stacks, of all without
 * names. Throws CliError with the app's own message, such as for an unknown option, and for an unknown stack.
 */
export async function synthesizeFacts(
  context: Readonly<Record<string, string>>,
  assemblyFolder: string,
  stacks?: readonly string[],
): Promise<AppFacts> {
  return readAppFacts(await synthesizeTemplates(context, assemblyFolder, stacks));
}

/**
 * Synthesizes the app with these context options into a folder and reads the templates of the named stacks, of all
 * without names. Throws CliError with the app's own message, and for an unknown stack.
 */
export async function synthesizeTemplates(
  context: Readonly<Record<string, string>>,
  assemblyFolder: string,
  stacks?: readonly string[],
): Promise<Record<string, Template>> {
  try {
    await synthesize({ ...PROJECT_APP, outputFolder: assemblyFolder, context });
    return await readTemplates(assemblyFolder, stacks);
  } catch (error) {
    const isOfCaller = error instanceof SynthesisError || error instanceof AssemblyError;
    throw isOfCaller ? new CliError(error.message, { cause: error }) : error;
  }
}
