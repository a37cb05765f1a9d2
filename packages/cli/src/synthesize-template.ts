import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import { synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { readTemplates } from './costs/templates.ts';
import { PROJECT_APP } from './project-folder.ts';
import { CORE_STACK } from './stack/core-stack.ts';

/**
 * Synthesizes the stack of the pipeline with these context options, in a temporary folder, and gives its template.
 * Throws SynthesisError with the app's own message, such as for an unknown option.
 */
export async function synthesizeTemplate(context: Readonly<Record<string, string>> = {}): Promise<Template> {
  return synthesized(context, async (folder) => (await readAssembly(folder, { stack: CORE_STACK })).template);
}

/** As {@link synthesizeTemplate}, and gives the templates of all stacks by their names. */
export async function synthesizeTemplates(
  context: Readonly<Record<string, string>> = {},
): Promise<Record<string, Template>> {
  return synthesized(context, readTemplates);
}

async function synthesized<T>(
  context: Readonly<Record<string, string>>,
  read: (folder: string) => Promise<T>,
): Promise<T> {
  const outputFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-template-'));
  try {
    await synthesize({ ...PROJECT_APP, outputFolder, context });
    return await read(outputFolder);
  } finally {
    await rm(outputFolder, { recursive: true, force: true });
  }
}
