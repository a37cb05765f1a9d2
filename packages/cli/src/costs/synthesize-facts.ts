import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import { SynthesisError, synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import { CliError } from '../cli-error.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { readStackFacts, type StackFacts } from './stack-facts.ts';

/**
 * Synthesizes the stack with these context options into a folder and reads its facts. Throws CliError with the app's
 * own message, such as for an unknown option.
 */
export async function synthesizeFacts(
  context: Readonly<Record<string, string>>,
  assemblyFolder: string,
): Promise<StackFacts> {
  try {
    await synthesize({ appFolder: PROJECT_FOLDER, outputFolder: assemblyFolder, context });
  } catch (error) {
    throw error instanceof SynthesisError ? new CliError(error.message, { cause: error }) : error;
  }
  return readStackFacts((await readAssembly(assemblyFolder)).template);
}
