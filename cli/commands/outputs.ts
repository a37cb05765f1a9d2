import type { Command } from 'commander';

import type { Terminal } from '../terminal.ts';

/** `outputs`: the names that the stack was given. */
export function addOutputs(program: Command, terminal: Terminal): void {
  program
    .command('outputs')
    .description('print the names of the stack: stream, tables, bucket, pipes, workflow')
    .option('--json', 'one flat object on one line')
    .addHelpText(
      'after',
      `
Examples:
  $ npx tweet-pipes outputs
  $ aws s3 ls --recursive "s3://$(npx tweet-pipes outputs --json | jq -r .ArchiveBucketName)/deleted/"`,
    )
    .action(async (options: { json?: true }, command: Command) => {
      const { connect } = await import('../connect.ts');
      const { clients, outputs } = await connect(terminal, command);
      clients.destroy();
      if (options.json) return terminal.out(JSON.stringify(outputs));
      const widest = Math.max(...Object.keys(outputs).map((name) => name.length));
      for (const [name, value] of Object.entries(outputs)) terminal.out(`${name.padEnd(widest)}  ${value}`);
    });
}
