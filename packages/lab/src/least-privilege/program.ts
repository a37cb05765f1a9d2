import { Progress } from '@tweet-pipes/cli/terminal/progress';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import type { Command } from 'commander';
import type { RightsVerdict } from './judge.ts';
import { Proof, type Removal } from './proof.ts';
import { printResult } from './report.ts';
import { rolesWith } from './rights.ts';
import { type Part, partsInOrder } from './workload.ts';

interface Flags {
  role?: string;
  remove: boolean;
  json?: true;
}

/**
 * The command line of the proof. Exit code in `terminal.exitCode`; usage errors and --help are commander's, as in
 * packages/cli/src/program.ts.
 */
export function leastPrivilegeProgram(terminal: Terminal): Command {
  return terminalProgram('npm run least-privilege --', terminal)
    .description('Prove on this machine that the roles of the stacks have the rights that they need, and no others.')
    .option('--role <text>', 'remove only statements of roles whose name contains this')
    .option('--no-remove', 'remove no statement from the running stacks: half a minute in place of some five')
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
It runs the stacks with roles enforced, the sample, crawls, an outage, schedules and a redrive, and decides each call
again without each statement, action and resource of its role. What no call needs is unused, unless a table has it:
what only AWS asks for, and what only rare cases need, each with its source.
Then it takes each statement in turn from the running stacks, until a call of the role is denied. docs/roles.md says
more.

Exit codes: 0 every right is needed or known; 1 could not start; 2 a right is unused, a row of a table is out of date,
a removed statement denied nothing, the history of a workflow does not tell what was denied, or it was interrupted.

Examples:
  $ npm run least-privilege
  $ npm run least-privilege -- --role IngestWorkflow
  $ npm run least-privilege --silent -- --no-remove --json | jq '.unused'`,
    )
    .action((flags: Flags) => leastPrivilege(flags, terminal));
}

async function leastPrivilege(flags: Flags, terminal: Terminal): Promise<void> {
  if (!flags.remove && flags.role !== undefined) {
    throw new CliError('--role says what to remove, and --no-remove removes nothing. Leave one out.');
  }
  const signal = terminal.interruptible();
  const proof = await Proof.start(terminal, signal);
  try {
    const roles = rolesWith(proof.roles, flags.role ?? '');
    const verdict = await runWorkload(proof, terminal, signal);
    const removals = flags.remove ? await removeEach(proof, verdict, roles, terminal, signal) : [];
    printResult(verdict, removals, { json: flags.json ?? false }, terminal);
  } finally {
    await proof.stop();
  }
}

async function runWorkload(proof: Proof, terminal: Terminal, signal: AbortSignal): Promise<RightsVerdict> {
  const progress = new Progress(terminal, 'workload', partsInOrder.length);
  try {
    for (const [index, part] of partsInOrder.entries()) {
      progress.update(index, part);
      await proof.run(part, signal);
      if (signal.aborted) throw interrupted();
    }
  } finally {
    progress.stop();
  }
  return proof.judge();
}

async function removeEach(
  proof: Proof,
  verdict: RightsVerdict,
  roles: ReadonlySet<string>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Removal[]> {
  // Those of later parts skip hours, after which records are too old for the parts before.
  const statements = verdict.needed
    .filter(({ right }) => right.kind === 'statement' && roles.has(right.roleName))
    .map((needed) => ({ right: needed.right, parts: proof.partsOf(needed) }))
    .sort((a, b) => firstOf(a.parts) - firstOf(b.parts));
  const removals: Removal[] = [];
  const progress = new Progress(terminal, 'statements', statements.length);
  try {
    for (const { right, parts } of statements) {
      progress.update(removals.length, right.roleName);
      removals.push(await proof.remove(right, parts, signal));
      if (signal.aborted) throw interrupted();
    }
  } finally {
    progress.stop();
  }
  return removals;
}

/** The place of the first part among all. */
function firstOf([first]: readonly Part[]): number {
  return first === undefined ? partsInOrder.length : partsInOrder.indexOf(first);
}

function interrupted(): CliError {
  return new CliError('Interrupted.', { exitCode: 2 });
}
