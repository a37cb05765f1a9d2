import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { clientsFromEnvironment } from '@tweet-pipes/cli/stack/connect';
import { readLakeOutputs } from '@tweet-pipes/cli/stack/lake-outputs';
import { Progress } from '@tweet-pipes/cli/terminal/progress';
import { printable, type Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import { messageOf } from '@tweet-pipes/kit/thrown';
import type { Command } from 'commander';
import { type Execution, executeNotebook, pythonProgram } from './execute-notebook.ts';

const notebook = join(PROJECT_FOLDER, 'notebooks/results.ipynb');

interface Flags {
  python: string;
  output: string;
  lakeStack: string;
}

/**
 * The command line that executes the notebook. Exit code in `terminal.exitCode`; usage errors and --help are
 * commander's, as in packages/cli/src/program.ts.
 */
export function notebookProgram(terminal: Terminal, execute: typeof executeNotebook = executeNotebook): Command {
  return terminalProgram('npm run notebook --', terminal)
    .description('Execute notebooks/results.ipynb on the lake, and write it with its tables and plots.')
    .option('--python <command>', 'the Python to use', process.platform === 'win32' ? 'python' : 'python3')
    .option('--output <file>', 'where the executed notebook goes', 'notebooks/executed/results.ipynb')
    .option('--lake-stack <name>', 'name of the stack of the lake', 'TweetLake')
    .addHelpText(
      'after',
      `
It works on the runtime of this machine, or on AWS, as AWS_ENDPOINT_URL says, like npx tweet-pipes query. Each of its
queries is a named query of the lake. On AWS a query costs what it scans, 10 MB at least.

Python needs a few packages, and the program says which are missing. Open the result in VS Code or JupyterLab.
Ctrl-C stops it; the result then has the cells until there.

Exit codes: 0 executed; 1 could not start, such as when Python or packages are missing or nothing answers;
2 a cell failed, or it was interrupted.

Examples:
  $ npm run notebook
  $ npm run notebook -- --python .venv/bin/python --output results.ipynb`,
    )
    .action((flags: Flags) => runNotebook(flags, terminal, execute));
}

async function runNotebook(flags: Flags, terminal: Terminal, execute: typeof executeNotebook): Promise<void> {
  const output = resolve(flags.output);
  if (output === notebook) throw new CliError('--output is the notebook itself, which is kept without results.');
  const signal = terminal.interruptible();
  const { where, env } = await findLake(flags.lakeStack, terminal);
  if (signal.aborted) throw interrupted();
  await makeFolder(dirname(output));
  terminal.err(`Executing ${relative(PROJECT_FOLDER, notebook)} on the lake ${flags.lakeStack} of ${where} …`);
  const progress = new Progress(terminal, 'cells');
  let execution: Execution;
  try {
    execution = await execute({
      program: pythonProgram(flags.python),
      notebook,
      output,
      env,
      signal,
      onCell: (cell, cells) => progress.update(cell, `of ${cells}`),
    });
  } finally {
    progress.stop();
  }
  if (signal.aborted) throw interrupted();
  report(execution, flags, output, terminal);
}

/** Finds the lake before Python starts, so that what is wrong with the connection is said as by every command. */
async function findLake(stack: string, terminal: Terminal) {
  const { clients, endpoint } = clientsFromEnvironment(terminal);
  try {
    const { WorkGroupName } = await readLakeOutputs(clients, stack);
    const region = await clients.cloudformation.config.region();
    const env = { ...terminal.env, AWS_REGION: region, LAKE_WORKGROUP: WorkGroupName };
    if (endpoint === undefined) return { where: `AWS ${region}`, env };
    // As the clients of this program do.
    const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_PROFILE: undefined };
    return { where: endpoint, env: { ...env, ...keys } };
  } finally {
    clients.destroy();
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CliError(`The folder of --output cannot be made: ${messageOf(error)}.`, { cause: error });
  }
}

function report(execution: Execution, { python }: Flags, output: string, terminal: Terminal): void {
  switch (execution.kind) {
    case 'executed':
      terminal.err('Executed:');
      terminal.out(output);
      return;
    case 'cell-failed':
      throw new CliError(`A cell failed: ${printable(execution.error)}\n${output} has the traceback.`, { exitCode: 2 });
    case 'packages-missing':
      throw new CliError(
        `${python} lacks ${execution.packages.join(', ')}. Install them, best into an environment of their own:\n` +
          `  ${python} -m venv .venv\n  ${inEnvironment} -m pip install nbclient ipykernel boto3 pandas matplotlib\n  npm run notebook -- --python ${inEnvironment}`,
      );
    case 'no-program':
      throw new CliError(
        `There is no ${python} on this machine. Install Python 3.10 or later (https://www.python.org/downloads/), or name one with --python.`,
      );
    case 'broken':
      throw new CliError(`${python} ended early:\n${execution.output}`, { exitCode: 2 });
  }
}

const inEnvironment = process.platform === 'win32' ? '.venv\\Scripts\\python' : '.venv/bin/python';

function interrupted(): CliError {
  return new CliError('Interrupted.', { exitCode: 2 });
}
