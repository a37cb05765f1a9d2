import { keyValues, stackNames } from '@tweet-pipes/kit/command-line/lists';
import type { ProcessTerminal } from '@tweet-pipes/kit/command-line/process-terminal';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import { type Command, InvalidArgumentError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { addRuntimeOptions } from './runtime-options.ts';
import type { AppFlags } from './serve-app.ts';

const examples = `
One endpoint on 127.0.0.1 answers for every AWS service. GET /_health answers 200 once the pipes poll; GET /_idle
answers 200 when all that was put has had its effect. Ctrl-C, and even kill -9, loses nothing: the next start goes on.

Examples:
  The app of the working directory, by its cdk.json:
    $ npx local-aws
  Another app, run as the CDK CLI runs it, or the cloud assembly that cdk synth wrote:
    $ npx local-aws --app 'node bin/app.ts' -c stage=test
    $ npx local-aws --app cdk.out --stacks Orders,Billing
  In a folder without cdk.json, an endpoint without a stack, for cdk deploy:
    $ npx local-aws --port 4566
  An app with a resource that the runtime does not support:
    $ npx local-aws --ignore-unsupported AWS::ECS::Cluster
  While you work on the app: a saved change is running a moment later, and nothing else is restarted:
    $ npx local-aws --watch
  For a script, which waits for the line:
    $ npx local-aws --port 0 --json

Exit codes: 0 stopped by Ctrl-C, 1 could not start, 2 failed while it served.`;

/**
 * The command line of the runtime, for `parseAsync(argv)`. It never ends the process. Usage errors and --help throw
 * commander's CommanderError after their text is printed, failures throw CliError.
 */
export function makeProgram(terminal: ProcessTerminal): Command {
  const program = terminalProgram('local-aws', terminal)
    .description('Runs an AWS CDK app on this machine, or an endpoint for cdk deploy.')
    .version(manifest.version, '--version', 'print the version of local-aws')
    .option(
      '--app <command or folder>',
      'the command that runs the app, or the folder of a cloud assembly (default: "app" of cdk.json; ' +
        'no stack without it)',
    )
    .option(
      '--stacks <names>',
      'the stacks to run, with all that they need (default: every stack)',
      stackNames('Orders,Billing'),
    )
    .option(
      '-c, --context <key=value>',
      'a context value, as for cdk deploy; may be repeated',
      keyValues('stage=test'),
      {},
    )
    .option('--region <name>', 'the region in ARNs (default: AWS_REGION, else us-east-1)', parseRegion);
  return addRuntimeOptions(program, { dataFolder: '.local-aws' })
    .option('--json', 'when it is ready, one line of JSON: endpoint, region, dataFolder, stacks with their outputs')
    .addHelpText('after', examples)
    .action(async (flags: AppFlags) => {
      const { serveApp } = await import('./serve-app.ts');
      await serveApp(flags, terminal);
    });
}

function parseRegion(text: string): string {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) {
    throw new InvalidArgumentError('It must be the name of a region, such as eu-central-1.');
  }
  return text;
}
