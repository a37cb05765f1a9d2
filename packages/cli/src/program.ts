import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import type { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { CORE_STACK } from './stack/core-stack.ts';
import type { Terminal } from './terminal/terminal.ts';

const examples = `
Examples:
  Run everything on this machine, feed the sample, look at the result:
    $ npm start
  Run only the pipeline, then feed it from another shell:
    $ npx tweet-pipes local
    $ export AWS_ENDPOINT_URL=http://127.0.0.1:4566     (the banner prints all lines)
    $ npx tweet-pipes produce file tweets.jsonl
    $ npx tweet-pipes top -n 20
  Check a stack that was deployed to AWS:
    $ AWS_PROFILE=… AWS_REGION=… npx tweet-pipes verify

Commands other than start, local, doctor and cost work on whatever AWS_ENDPOINT_URL and the AWS credentials say.
Exit codes: 0 all done, 1 could not start, 2 started but something was lost or failed.`;

/** What adds each command, in the order of the help. */
const COMMANDS = {
  start: async () => (await import('./commands/start.ts')).addStart,
  local: async () => (await import('./commands/local.ts')).addLocal,
  produce: async () => (await import('./commands/produce.ts')).addProduce,
  status: async () => (await import('./commands/status.ts')).addStatus,
  trace: async () => (await import('./commands/trace.ts')).addTrace,
  logs: async () => (await import('./commands/logs.ts')).addLogs,
  top: async () => (await import('./commands/top.ts')).addTop,
  tail: async () => (await import('./commands/tail.ts')).addTail,
  delete: async () => (await import('./commands/delete.ts')).addDelete,
  orders: async () => (await import('./commands/orders.ts')).addOrders,
  outputs: async () => (await import('./commands/outputs.ts')).addOutputs,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  query: async () => (await import('./commands/query.ts')).addQuery,
  crawl: async () => (await import('./commands/crawl.ts')).addCrawl,
  forget: async () => (await import('./commands/forget.ts')).addForget,
  redrive: async () => (await import('./commands/redrive.ts')).addRedrive,
  reconcile: async () => (await import('./commands/reconcile.ts')).addReconcile,
  console: async () => (await import('./commands/console.ts')).addConsole,
  cost: async () => (await import('./commands/cost.ts')).addCost,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
} satisfies Record<string, () => Promise<(program: Command, terminal: Terminal) => void>>;

/**
 * The command line of tweet-pipes, for `parseAsync(argv)`. It never ends the process. Usage errors and --help throw
 * commander's CommanderError after their text is printed; failures throw errors that {@link ./explain.ts} explains. A
 * command that ran and found something wrong sets `terminal.exitCode`.
 *
 * With arguments that begin with the name of a command it has that command alone: the modules of all others would delay
 * it.
 */
export async function makeProgram(terminal: Terminal, args: readonly string[] = []): Promise<Command> {
  const program = terminalProgram('tweet-pipes', terminal)
    .description('Tweets through a pipeline of AWS services, counted exactly; on AWS or on this machine.')
    .version(manifest.version, '--version', 'print the version of tweet-pipes')
    .option('--stack <name>', 'name of the CloudFormation stack to work on', CORE_STACK)
    .option('--lake-stack <name>', 'name of the stack of the lake', 'TweetLake')
    .option('--sales-stack <name>', 'name of the stack of the sales lake', 'SalesLake')
    .addHelpText('after', examples);
  const [first = ''] = args;
  const loads = isCommand(first) ? [COMMANDS[first]] : Object.values(COMMANDS);
  for (const add of await Promise.all(loads.map((load) => load()))) add(program, terminal);
  return program;
}

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}
