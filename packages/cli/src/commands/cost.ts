import type { Command } from 'commander';

import type { CostFlags } from '../costs/project-month.ts';
import { decimal, integer } from '../options/numbers.ts';
import { parseContext } from '../options/runtime-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `cost`: what a month on AWS would come to. */
export function addCost(program: Command, terminal: Terminal): void {
  program
    .command('cost')
    .description('project a month on AWS: run a sample on this machine, count what AWS would bill, multiply')
    .option('--rate <per second>', 'records that come in, 0.001-100000', decimal(0.001, 100_000), 10)
    .option('--sample <path...>', 'records of your own, as produce file reads them (default: made-up tweets)')
    .option('--records <number>', 'how many of them to run, 100-20000', integer(100, 20_000), 1_000)
    .option('--raw', 'count records as they come; otherwise as produce sends them, compact')
    .option('-c, --context <key=value>', 'an option of the stack, as for cdk deploy; may be repeated', parseContext, {})
    .option('--json', 'the month, its alternatives and what they rest on, on one line of JSON')
    .addHelpText(
      'after',
      `
The stack is synthesized with your options and with batches as large as they would be at this rate, and run in a temporary folder; nothing of a runtime that you have is touched. What it
counts is multiplied to a month of 730 hours. Prices are list prices of us-east-1 without any free tier; docs/costs.md says what is counted, how, and what is left out.

Below the bill stand the options that lower it, each with what it saves and what it costs you. Exit code 2 when a record did not get through.

Examples:
  $ npx tweet-pipes cost --rate 50
  $ npx tweet-pipes cost --rate 1000 -c tweetPipes:logLevel=ERROR -c tweetPipes:shards=2
  $ npx tweet-pipes cost --rate 5 --sample monday.jsonl --raw --json | jq .month.usd`,
    )
    .action(async (flags: CostFlags) => {
      const { cost } = await import('../costs/project-month.ts');
      await cost(flags, terminal);
    });
}
