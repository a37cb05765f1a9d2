import type { Command } from 'commander';
import { addRuntimeOptions } from '../options/runtime-options.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { beginStart } from '../runtime/begin-start.ts';
import type { BootFlags } from '../runtime/boot.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `local`: the runtime alone. */
export function addLocal(program: Command, terminal: Terminal): void {
  addRuntimeOptions(
    program.command('local').description('run the synthesized stacks on this machine, without feeding anything'),
  )
    .option('--empty', 'run no stack: an endpoint for cdk deploy')
    .addHelpText(
      'after',
      `
One endpoint on 127.0.0.1 answers for every AWS service of the stack. GET /_health answers 200 once the pipes poll; GET
/_idle answers 200 when all that was put has had its effect, else 409 with what is pending; GET /_meter tells what AWS
would have counted. Ctrl-C, and even kill -9, loses nothing: the next start goes on.

Examples:
  $ npx tweet-pipes local
  $ npx tweet-pipes local --port 5000 --data /tmp/tweets --fresh
  $ npx tweet-pipes local --stacks TweetPipes
  $ npx tweet-pipes local --empty
  $ npx tweet-pipes local --watch
  $ npx tweet-pipes local -c tweetPipes:shards=2
  $ npx tweet-pipes local --allow-origin http://localhost:3000
  $ npx tweet-pipes local --allow-host localhost:8080
  $ npx tweet-pipes local --like-aws --slow-motion 5
  $ npx tweet-pipes local --faults 'dynamodb.*:lose-answer=1%,pipe.*:redeliver=10%,seed=7'`,
    )
    .action(async (flags: BootFlags) => {
      const booted = await beginStart(flags, terminal);
      try {
        const [{ printBanner }, { serve }] = await Promise.all([
          import('../runtime/boot.ts'),
          import('@tweet-pipes/local-aws/command-line/serve'),
        ]);
        printBanner(booted, terminal, terminal.out);
        await serve(booted, terminal, { watch: flags.watch, watched: PROJECT_FOLDER });
      } finally {
        await booted.runtime.stop();
      }
    });
}
