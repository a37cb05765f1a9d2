import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import { SynthesisError, synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import { CliError } from '../cli-error.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { readStackFacts, type StackFacts } from './stack-facts.ts';

/** The facts do not depend on the functions' code, so the app need not bundle it. */
const withoutBundling = { 'aws:cdk:bundling-stacks': [] };

/**
 * Synthesizes the stack with these context options and reads its facts. Throws CliError with the app's own message,
 * such as for an unknown option.
 */
export async function synthesizeFacts(context: Readonly<Record<string, string>>): Promise<StackFacts> {
  const outputFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-facts-'));
  try {
    await synthesize({ appFolder: PROJECT_FOLDER, outputFolder, context: { ...withoutBundling, ...context } });
    const { template } = await readAssembly(outputFolder);
    return readStackFacts(template);
  } catch (error) {
    throw error instanceof SynthesisError ? new CliError(error.message, { cause: error }) : error;
  } finally {
    await rm(outputFolder, { recursive: true, force: true });
  }
}
