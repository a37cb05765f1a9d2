import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import type { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addConsole } from './commands/console.ts';
import { addCost } from './commands/cost.ts';
import { addCrawl } from './commands/crawl.ts';
import { addDelete } from './commands/delete.ts';
import { addDoctor } from './commands/doctor.ts';
import { addForget } from './commands/forget.ts';
import { addLocal } from './commands/local.ts';
import { addLogs } from './commands/logs.ts';
import { addOrders } from './commands/orders.ts';
import { addOutputs } from './commands/outputs.ts';
import { addProduce } from './commands/produce.ts';
import { addQuery } from './commands/query.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addRedrive } from './commands/redrive.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTail } from './commands/tail.ts';
import { addTop } from './commands/top.ts';
import { addTrace } from './commands/trace.ts';
import { addVerify } from './commands/verify.ts';
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

/**
 * The command line of tweet-pipes, for `parseAsync(argv)`. It never ends the process. Usage errors and --help throw
 * commander's CommanderError after their text is printed; failures throw errors that {@link ./explain.ts} explains. A
 * command that ran and found something wrong sets `terminal.exitCode`.
 */
export function makeProgram(terminal: Terminal): Command {
  const program = terminalProgram('tweet-pipes', terminal)
    .description('Tweets through a pipeline of AWS services, counted exactly; on AWS or on this machine.')
    .version(manifest.version, '--version', 'print the version of tweet-pipes')
    .option('--stack <name>', 'name of the CloudFormation stack to work on', CORE_STACK)
    .option('--lake-stack <name>', 'name of the stack of the lake', 'TweetLake')
    .option('--sales-stack <name>', 'name of the stack of the sales lake', 'SalesLake')
    .addHelpText('after', examples);
  addStart(program, terminal);
  addLocal(program, terminal);
  addProduce(program, terminal);
  addStatus(program, terminal);
  addTrace(program, terminal);
  addLogs(program, terminal);
  addTop(program, terminal);
  addTail(program, terminal);
  addDelete(program, terminal);
  addOrders(program, terminal);
  addOutputs(program, terminal);
  addVerify(program, terminal);
  addQuery(program, terminal);
  addCrawl(program, terminal);
  addForget(program, terminal);
  addRedrive(program, terminal);
  addReconcile(program, terminal);
  addConsole(program, terminal);
  addCost(program, terminal);
  addDoctor(program, terminal);
  return program;
}
