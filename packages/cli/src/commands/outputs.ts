import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Command } from 'commander';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';

/** `outputs`: the names of the stacks' resources. */
export function addOutputs(program: Command, terminal: Terminal): void {
  program
    .command('outputs')
    .description('print the names of what the stacks hold: stream, tables, buckets, pipes, workflow')
    .argument('[name]', 'print the value of this output only')
    .option('--json', 'one flat object on one line')
    .addHelpText(
      'after',
      `
It prints the outputs of the core and of both lakes, where they are deployed. With --stack those of one stack.

Examples:
  $ npx tweet-pipes outputs
  $ npx tweet-pipes outputs --json
  $ npx tweet-pipes outputs --stack TweetLake
  $ aws s3 ls --recursive "s3://$(npx tweet-pipes outputs ArchiveBucketName)/deleted/"`,
    )
    .action(async (name: string | undefined, options: { json?: true }, command: Command) => {
      const { readOutputs } = await import('../stack/connect.ts');
      const outputs = await readOutputs(terminal, command);
      if (name !== undefined) {
        const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
        if (value === undefined) {
          throw new CliError(`There is no output ${name}. There are ${Object.keys(outputs).join(', ')}.`);
        }
        return terminal.out(options.json ? printableJson(value) : printable(value));
      }
      if (options.json) return terminal.out(printableJson(outputs));
      const widest = Math.max(0, ...Object.keys(outputs).map((key) => key.length));
      for (const [key, value] of Object.entries(outputs)) terminal.out(`${key.padEnd(widest)}  ${printable(value)}`);
    });
}
