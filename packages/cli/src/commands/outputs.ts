import type { Command } from 'commander';

import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `outputs`: the names of the stack's resources. */
export function addOutputs(program: Command, terminal: Terminal): void {
  program
    .command('outputs')
    .description('print the names of the stack: stream, tables, bucket, pipes, workflow')
    .argument('[name]', 'print the value of this output only')
    .option('--json', 'one flat object on one line')
    .addHelpText(
      'after',
      `
Examples:
  $ npx tweet-pipes outputs
  $ npx tweet-pipes outputs --json
  $ aws s3 ls --recursive "s3://$(npx tweet-pipes outputs ArchiveBucketName)/deleted/"`,
    )
    .action(async (name: string | undefined, options: { json?: true }, command: Command) => {
      const { withStack } = await import('../stack/connect.ts');
      const outputs = await withStack(terminal, command, (connection) => connection.outputs);
      if (name !== undefined) {
        const value = Object.entries(outputs).find(([key]) => key === name)?.[1];
        if (value === undefined)
          throw new CliError(`There is no output ${name}. The stack has ${Object.keys(outputs).join(', ')}.`);
        return terminal.out(options.json ? JSON.stringify(value) : value);
      }
      if (options.json) return terminal.out(JSON.stringify(outputs));
      const widest = Math.max(...Object.keys(outputs).map((name) => name.length));
      for (const [name, value] of Object.entries(outputs)) terminal.out(`${name.padEnd(widest)}  ${value}`);
    });
}
