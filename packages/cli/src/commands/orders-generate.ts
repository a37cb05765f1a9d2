import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { decimal, integer } from '@tweet-pipes/kit/command-line/numbers';
import { type ChangeOptions, changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import type { Command } from 'commander';
import { addWriteOptions, type ProduceFlags } from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

type OrdersFlags = ProduceFlags & ChangeOptions & { table?: string };

/** Calls under way at a time. Each has 25 changes, where one of Kinesis has 500. */
const callsInFlight = 16;

/** `orders generate`: generated changes of orders without end. */
export function addOrdersGenerate(orders: Command, terminal: Terminal): void {
  const { seed, updates, deletes } = changeDefaults;
  const share = decimal(0, 1);
  const command = orders
    .command('generate')
    .description('generated orders without end: placed, led along their statuses, some deleted')
    .option('--seed <number>', 'which orders, 0-4294967295; other seeds have other ids', integer(0, 2 ** 32 - 1), seed)
    .option('--updates <share>', 'of all changes: orders that take their next status, 0-1', share, updates)
    .option('--deletes <share>', 'of all changes: orders that are deleted, 0-1', share, deletes);
  addWriteOptions(command, 'table', "the table (default: the stack's)")
    .addHelpText(
      'after',
      `
It goes on until Ctrl-C, --limit or --duration, as fast as the table takes it unless --rate says how fast. An order is
placed, paid, shipped and delivered; some are cancelled, some returned. Where to: the table of --table, else the one of
the sales lake (--sales-stack), at AWS_ENDPOINT_URL or on AWS. There a change costs one write unit. A table of your own
behind the sales lake gets generated orders only if --table names it, and its key must be orderid, a text.

The changes of an order are written in their order, since one of them is under way at a time. The same seed gives the
same orders with the times of the run, so a second run writes the same orders again.

--dry-run prints the changes and writes nothing. Ctrl-C writes what was generated and prints the summary.
Exit codes: 0 all written, 1 could not start, 2 something was lost.

Examples:
  $ npx tweet-pipes orders generate --limit 1000
  $ npx tweet-pipes orders generate --rate 50 --duration 60 --json
  $ npx tweet-pipes orders generate --seed 7 --updates 0.5 --deletes 0.1 --limit 10000
  $ npx tweet-pipes orders generate --limit 5 --dry-run`,
    )
    .action(async (flags: OrdersFlags, command: Command) => {
      const [{ orderSource }, { applyControls }] = await Promise.all([
        import('@tweet-pipes/producer/orders/order-source'),
        import('../produce/produce-source.ts'),
      ]);
      const source = applyControls(
        attempt(() => orderSource(flags, terminal.clock)),
        flags,
        terminal,
      );
      if (flags.dryRun) {
        const { dryRun } = await import('../produce/dry-run.ts');
        return dryRun(source, terminal, flags);
      }
      const [{ openTable }, { orderSink }, { changesPerCall, putChanges }, { writeSourceTo }] = await Promise.all([
        import('../stack/open-table.ts'),
        import('@tweet-pipes/producer/orders/order-sink'),
        import('@tweet-pipes/kit/orders/put-changes'),
        import('../produce/write-source.ts'),
      ]);
      const { client, tableName, close } = await openTable(terminal, command, flags.table);
      try {
        const sink = orderSink(tableName, (changes) => putChanges(client, tableName, changes));
        await writeSourceTo(source, { ...flags, sink, recordsPerCall: changesPerCall, callsInFlight, terminal });
      } finally {
        close();
      }
    });
}

/** Makes a RangeError, which options that contradict each other cause, a usage error. */
function attempt<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof RangeError ? new CliError(error.message, { cause: error }) : error;
  }
}
