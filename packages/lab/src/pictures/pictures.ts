import { join, relative, resolve } from 'node:path';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { synthesizeTemplates } from '@tweet-pipes/cli/synthesize-template';
import { Command, CommanderError } from 'commander';

import { drawnContext, makePictures } from './make-pictures.ts';
import { findStale, writePictures } from './picture-files.ts';

const command = `node ${relative(PROJECT_FOLDER, import.meta.filename)}`;

const program = new Command(command)
  .description('Draw the pictures of README and docs from the synthesized stacks, or check that they are current.')
  .option('--check', 'write nothing; name what is stale')
  .option('--folder <path>', 'where the pictures are (default: docs/pictures)')
  .exitOverride()
  .showHelpAfterError('(--help shows what there is)')
  .addHelpText(
    'after',
    `
Workflows are drawn from their definitions in the templates. Stacks are drawn from descriptions in architecture/, which
are compared with the templates: every resource and every connection.

Exit codes: 0 written, or current; 1 could not start, such as when a stack cannot be synthesized;
2 a picture is stale, or a description disagrees with the template, and nothing is written.

Examples:
  $ ${command}
  $ ${command} --check`,
  )
  .action(async ({ check, folder }: { check?: true; folder?: string }) => {
    process.exitCode = await drawOrCheck(resolve(folder ?? join(PROJECT_FOLDER, 'docs/pictures')), check ?? false);
  });

program
  .command('console')
  .description('Photograph each view of the console page, with the sample in it.')
  .option('--folder <path>', 'where the pictures go (default: docs/pictures/console)')
  .option('--chromium <path>', 'the browser', '/usr/bin/chromium')
  .action(async ({ folder, chromium }: { folder?: string; chromium: string }) => {
    const { photographConsole } = await import('./console-pictures.ts');
    const into = resolve(folder ?? join(PROJECT_FOLDER, 'docs/pictures/console'));
    for (const path of await photographConsole(into, chromium)) console.log(path);
  });

try {
  await program.parseAsync();
} catch (error) {
  // commander has told it already.
  if (!(error instanceof CommanderError)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 1;
}

async function drawOrCheck(folder: string, isCheck: boolean): Promise<0 | 2> {
  const { files, disagreements } = makePictures(await synthesizeTemplates(drawnContext));
  for (const disagreement of disagreements) console.error(disagreement);
  if (disagreements.length > 0)
    console.error('Change the description of the stack in packages/lab/src/pictures/architecture.');
  if (isCheck) {
    const stale = await findStale(folder, files);
    for (const name of stale) console.error(`${join(folder, name)} is stale. Draw it again: ${command}`);
    return disagreements.length + stale.length === 0 ? 0 : 2;
  }
  if (disagreements.length > 0) return 2;
  await writePictures(folder, files);
  for (const { name } of files) console.log(join(folder, name));
  return 0;
}
