import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { addSampleOptions } from '../options/sample-options.ts';
import {
  jsonDifferences,
  jsonSummary,
  printDifferences,
  printLake,
  printOutcome,
  printRow,
  printVerdict,
  type Verified,
} from '../sample/report.ts';
import type { StackOutputs } from '../stack/outputs.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';
import type { VerifiedOrders } from '../verification/verify-orders.ts';

interface VerifyFlags {
  seed: number;
  records: number;
  /** Seconds. */
  timeout: number;
  sales: boolean;
  json?: true;
}

/** `verify`: proves on a running stack, local or on AWS, that counts are exact. */
export function addVerify(program: Command, terminal: Terminal): void {
  addSampleOptions(
    program
      .command('verify')
      .description('feed a sample under fresh ids and hashtags, and check every store for exactly what it must leave'),
  )
    .option('--timeout <seconds>', 'how long the stores may take, 10-7200', integer(10, 7200), 1200)
    .option('--no-sales', 'leave out the sales lake')
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
Each run has ids and hashtags of its own, so it may run beside real data and as often as you like; what it stores stays
until it expires. It reads only its own items, the archive files of the hours it ran in and its own shards' part of the
quarantine. On AWS the archive comes last: Firehose writes after up to the interval that the stack was given (minutes).
A malformed record raises the alarm on quarantine, as it should.

Where the lake is deployed, its tables are compared with the others: each tweet, field by field, what was deleted, and
the quarantine. The queries read the hours of the run and are billed as 10 MB each. Firehose writes the lake's rows after
up to 15 minutes, as the stack was given (lakeBufferSeconds), so the default of --timeout is longer than that.

Where the sales lake is deployed, its view current_orders is compared with a scan of the table of orders, field by field,
once its rows had the same time. It writes no order. Both are held in memory, and the scan and the queries read
everything, which AWS bills: --no-sales leaves it out. Without the core only the sales lake is checked.

Exit code 2 if a store is not as it must be when the time is over, with every difference named.

Examples:
  $ npx tweet-pipes verify
  $ AWS_PROFILE=prod AWS_REGION=eu-west-1 npx tweet-pipes verify --records 500 --json`,
    )
    .action(async (flags: VerifyFlags, command: Command) => {
      const [{ withStacks }, { verifySample }, { verifySales }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../sample/verify-sample.ts'),
        import('../sample/verify-sales.ts'),
      ]);
      await withStacks(terminal, command, async ({ clients, endpoint, outputs, tweets: lake, sales }) => {
        const verifyTweets = async (core: StackOutputs) => {
          const runId = terminal.random.uuid();
          const records = plural(flags.records, 'record');
          terminal.err(`Feeding ${records} to ${core.TweetStreamName} at ${endpoint}, run ${runId}.`);
          const connection = { clients, endpoint, outputs: core, lake };
          return { runId, ...(await verifySample({ ...flags, runId }, flags.timeout, connection, terminal)) };
        };
        const tweets = outputs && (await verifyTweets(outputs));
        if (tweets !== undefined && !flags.json) print(tweets, terminal);
        const deadlineMs = terminal.clock.now() + flags.timeout * 1000;
        const orders =
          flags.sales && sales !== undefined
            ? await verifySales({ clients, endpoint, sales, deadlineMs }, terminal)
            : undefined;
        if (flags.json) terminal.out(printableJson(jsonOf(tweets, orders)));
        else printOrders(orders, flags, terminal);
        const differences = [...(tweets?.differences ?? []), ...(orders?.differences ?? [])];
        if (differences.length > 0) terminal.exitCode = 2;
      });
    });
}

type VerifiedTweets = Verified & { runId: string };

function print(verified: VerifiedTweets, terminal: Terminal): void {
  const { runId, found, endpoint, seconds } = verified;
  terminal.out(terminal.bold(`Run ${runId} at ${endpoint}, ${seconds.toFixed(1)} s`));
  printOutcome(terminal, verified);
  if (found.archive.size > 0) terminal.out('A row of the archive:');
  printRow(terminal, found.archive.values().next().value);
  printLake(terminal, verified);
  printVerdict(terminal, verified);
}

function printOrders(verified: VerifiedOrders | undefined, { sales }: VerifyFlags, terminal: Terminal): void {
  if (verified === undefined) {
    const why = sales ? 'the stack SalesLake is not deployed here' : '--no-sales';
    terminal.out(`The sales lake was not checked: ${why}.`);
    return;
  }
  const { orders, differences } = verified;
  if (differences.length > 0) printDifferences(terminal, differences, 'the table of orders and current_orders');
  else terminal.out(`current_orders holds exactly the table's ${plural(orders, 'order')}, field by field.`);
}

/** Without tweets, what a run of them would tell is not there. */
function jsonOf(tweets: VerifiedTweets | undefined, verified: VerifiedOrders | undefined): object {
  const differences = [...(tweets?.differences ?? []), ...(verified?.differences ?? [])];
  const orders = verified === undefined ? null : { current: verified.orders };
  if (tweets !== undefined) return jsonSummary({ ...tweets, differences }, { runId: tweets.runId, orders });
  return { ok: differences.length === 0, orders, ...jsonDifferences(differences) };
}
