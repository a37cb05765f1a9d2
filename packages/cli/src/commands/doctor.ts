import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { plural } from '@tweet-pipes/kit/wording';
import type { CheckUp } from '@tweet-pipes/local-aws/checkup/check-up';
import type { Command } from 'commander';
import { dataSize, printableJson, type Terminal } from '../terminal/terminal.ts';

interface DoctorFlags {
  data: string;
  repair?: true;
  json?: true;
}

/** `doctor`: checks the data folder and what the local runtime needs, and repairs the data. */
export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('check the data of the local runtime thoroughly, and what it needs to start')
    .option('--data <folder>', 'the data folder', '.local')
    .option('--repair', 'keep of damaged data what can be read; the damaged files are moved into damaged/')
    .option('--json', 'one line of JSON: {"ok", "folder", "freeBytes", "problems", "stores", "repair"}')
    .addHelpText(
      'after',
      `
A start checks the data too, but the content of the newest 16 MB of each engine only. This reads everything: checksums
of records (Kinesis), pages and rows (DynamoDB, S3, SQS), checkpoints of pipes, journals of Firehose. No runtime may use
the folder meanwhile.

What the checks cannot see: a write that was acknowledged and cut off at the end of a file, as by a power failure, and
changed text inside of an item that is still JSON.

Exit codes: 0 nothing is wrong, or nothing was lost in a repair; 1 could not check; 2 something is wrong, or was lost.

Examples:
  $ npx tweet-pipes doctor
  $ npx tweet-pipes doctor --repair
  $ npx tweet-pipes doctor --data /tmp/tweets --json | jq .problems`,
    )
    .action(async (flags: DoctorFlags) => {
      const { checkUp } = await import('@tweet-pipes/local-aws/checkup/check-up');
      const found = await checkUp({
        folder: flags.data,
        repairs: flags.repair === true,
        nowMs: terminal.clock.now(),
        environment: terminal.env,
        onStore: (store) => {
          if (terminal.progress.isTTY) terminal.err(`Checking ${store} …`);
        },
      }).catch((error: unknown) => {
        throw error instanceof Error && error.name === 'DataFolderError'
          ? new CliError(error.message, { cause: error })
          : error;
      });
      if (flags.json) terminal.out(printableJson({ ok: isWell(found), ...found }));
      else print(found, terminal);
      if (!isWell(found)) terminal.exitCode = 2;
    });
}

/** Whether a runtime can start and no data is lost. */
function isWell({ problems, stores, repair }: CheckUp): boolean {
  if (repair === undefined) return problems.length === 0;
  const damages = stores.reduce((sum, store) => sum + store.damages.length, 0);
  return problems.length === damages && repair.repairs.every(({ lost }) => lost === undefined);
}

function print({ folder, hasData, freeBytes, stores, problems, repair }: CheckUp, { out, bold }: Terminal): void {
  const state = hasData ? '' : ', which does not exist yet: the next start makes it';
  out(`Data in ${folder}${state}; ${dataSize(freeBytes)} of the disk are free.`);
  for (const { store, bytes, damages } of stores) {
    const verdict = damages.length === 0 ? 'intact' : plural(damages.length, 'problem');
    out(`  ${store.padEnd(10)}  ${dataSize(bytes).padStart(9)}  ${verdict}`);
  }
  out(problems.length === 0 ? 'Nothing is wrong.' : '');
  for (const { what, why, do: remedy } of problems) {
    out(`${bold(what)}: ${why}.`);
    if (repair === undefined) out(`  ${remedy}`);
  }
  if (repair === undefined) return;
  out('');
  for (const { store, kept, lost } of repair.repairs) {
    out(`${bold('Repaired')} ${store}: kept ${kept}. ${lost === undefined ? 'Nothing is lost.' : `Lost: ${lost}.`}`);
  }
  out(`The damaged files are in ${repair.movedTo}.`);
}
