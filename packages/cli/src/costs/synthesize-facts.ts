import { SynthesisError } from '@tweet-pipes/local-aws/assembly/synthesize';
import { CliError } from '../cli-error.ts';
import { synthesizeTemplate } from '../synthesize-template.ts';
import { readStackFacts, type StackFacts } from './stack-facts.ts';

/**
 * Synthesizes the stack with these context options and reads its facts. Throws CliError with the app's own message,
 * such as for an unknown option.
 */
export async function synthesizeFacts(context: Readonly<Record<string, string>>): Promise<StackFacts> {
  try {
    return readStackFacts(await synthesizeTemplate(context));
  } catch (error) {
    throw error instanceof SynthesisError ? new CliError(error.message, { cause: error }) : error;
  }
}
