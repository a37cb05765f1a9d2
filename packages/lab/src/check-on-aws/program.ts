import { createInterface } from 'node:readline/promises';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { underWay } from '@tweet-pipes/cli/explain';
import { Progress } from '@tweet-pipes/cli/terminal/progress';
import { printableJson, type Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { checkDefinition, checkStates } from './check-states.ts';
import { type Recording, type RecordOptions, recordVisits } from './record-visits.ts';
import { type Caller, type CheckResult, isProven, printResult } from './report.ts';
import { visitedStates } from './visit-recorder.ts';

/** Sizes of the batches, in records. */
const BATCHES = [1, 100, 400];

interface Flags {
  yes?: true;
  json?: true;
}

/**
 * The command line of the check on AWS. Exit code in `terminal.exitCode`; usage errors and --help are commander's, as
 * in packages/cli/src/program.ts.
 */
export function checkOnAwsProgram(
  terminal: Terminal,
  record: (options: RecordOptions) => Promise<Recording> = recordVisits,
): Command {
  return terminalProgram('npm run check-on-aws --', terminal)
    .description(
      'Ask AWS, without a deployment, whether its Step Functions accept this workflow and compute in every state what the local runtime computes.',
    )
    .option('--yes', 'do not ask before the calls')
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
First the workflow runs on this machine, with batches of ${BATCHES.join(', ')} records (tweets with emoji, duplicates, delete notices,
malformed ones), healthy and hindered, until every state did its work. Then each state is sent to TestState with the
input, the variables and the answer that it got here, and the definition to ValidateStateMachineDefinition.
Tasks are mocked: nothing is created, read or written on AWS, and no role is used.

Account and region are those of your credentials: AWS_PROFILE, AWS_REGION, or AWS_ENDPOINT_URL for a local endpoint.
They need states:TestState and states:ValidateStateMachineDefinition; docs/check-on-aws.md has the policy.

Verdicts: same        AWS answers what the local runtime answers, times and random values aside
          different   it answers something else; the first difference is shown
          failed      the state fails on AWS only; its error and cause are shown
          refused     AWS does not run it; its error is shown
          too large   not sent: over the megabyte that AWS takes a request

Exit codes: 0 everything is the same, 1 could not start, 2 something is not.

Examples:
  $ AWS_PROFILE=me AWS_REGION=eu-west-1 npm run check-on-aws
  $ npm run check-on-aws --silent -- --yes --json | jq '.states[] | select(.verdict != "same")'`,
    )
    .action((flags: Flags) => checkOnAws(flags, terminal, record));
}

async function checkOnAws(
  flags: Flags,
  terminal: Terminal,
  record: (options: RecordOptions) => Promise<Recording>,
): Promise<void> {
  const endpoint = terminal.env.AWS_ENDPOINT_URL;
  const signal = terminal.interruptible();
  const clients = createClients(endpoint === undefined ? {} : { endpoint });
  try {
    const caller = await identify(clients);
    const recording = await recorded(record, terminal, signal);
    terminal.err(plan(caller, recording, endpoint));
    if (!(await isAgreed(flags, terminal))) throw new CliError('Nothing was sent.');
    const result = await underWay(terminal, () => check(caller, recording, clients, terminal, signal));
    if (flags.json) terminal.out(printableJson({ ...result, isProven: isProven(result) }));
    else printResult(result, terminal);
    if (!isProven(result)) terminal.exitCode = 2;
  } catch (error) {
    throw signal.aborted ? new CliError('Interrupted.', { exitCode: 2, cause: error }) : error;
  } finally {
    clients.destroy();
  }
}

/** The first call: it needs no permission, and shows early that credentials or the network are missing. */
async function identify(clients: AwsClients): Promise<Caller> {
  const { Account: account = '', Arn: arn = '' } = await clients.sts.send(new GetCallerIdentityCommand());
  return { account, arn, region: await clients.sfn.config.region() };
}

async function recorded(
  record: (options: RecordOptions) => Promise<Recording>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Recording> {
  terminal.err('Running the workflow on this machine; this takes up to a minute …');
  const progress = new Progress(terminal, 'executions');
  try {
    return await record({
      batches: BATCHES,
      clock: terminal.clock,
      signal,
      onExecution: (executions) => progress.update(executions),
    });
  } finally {
    progress.stop();
  }
}

function plan({ account, arn, region }: Caller, { states, visits }: Recording, endpoint: string | undefined): string {
  return `As ${arn}, in account ${account}, region ${region}${endpoint === undefined ? '' : `, at ${endpoint}`}, this calls
  ValidateStateMachineDefinition   once
  TestState                        ${visits.length} times: ${plural(states.length, 'state')}, batches of ${BATCHES.join(', ')} records
No role is used; nothing is created, read or written. AWS's price list names no charge for these calls.`;
}

async function isAgreed({ yes }: Flags, { stdin, progress }: Terminal): Promise<boolean> {
  const isAsked = 'isTTY' in stdin && stdin.isTTY === true && progress.isTTY === true;
  if (yes || !isAsked) return true;
  const questions = createInterface({ input: stdin, output: progress });
  try {
    return /^y(es)?$/i.test((await questions.question('Go on? [y/N] ')).trim());
  } finally {
    questions.close();
  }
}

async function check(
  caller: Caller,
  recording: Recording,
  { sfn }: AwsClients,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<CheckResult> {
  const means = { sfn, clock: terminal.clock, signal };
  const progress = new Progress(terminal, 'checked', recording.visits.length);
  try {
    const definition = await checkDefinition(recording.definition, means);
    const states = await checkStates(recording, means, (checked) => progress.update(checked));
    const visited = visitedStates(recording.visits);
    return { caller, definition, states, notReached: recording.states.filter((name) => !visited.has(name)) };
  } catch (error) {
    if (!isNamed(error, 'AccessDeniedException')) throw error;
    throw new CliError(
      `AWS does not let ${caller.arn} call this: ${error.message}\nIt needs states:TestState and states:ValidateStateMachineDefinition; docs/check-on-aws.md has the policy.`,
      { exitCode: 2, cause: error },
    );
  } finally {
    progress.stop();
  }
}
