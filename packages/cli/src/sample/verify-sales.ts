import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { underWay } from '../explain.ts';
import type { SalesOutputs } from '../stack/sales-outputs.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type VerifiedOrders, verifyOrders } from '../verification/verify-orders.ts';
import { waitingSentence } from '../verification/waiting.ts';

/** The sales lake to check, and until when. */
export interface SalesRun {
  clients: AwsClients;
  /** As text to print: the endpoint, or the AWS region. */
  endpoint: string;
  sales: SalesOutputs;
  /** Epoch milliseconds. */
  deadlineMs: number;
}

/** Bounds of the wait between two looks, which grows. AWS bills 10 MB at least for each query. */
const wait = { firstMs: 500, longestMs: 30_000 };

/**
 * Compares `current_orders` with the table of orders until each order that differed in the first look has been equal
 * once, or the time is over. So orders that change meanwhile are no differences. Throws CliError, exit code 2, when
 * interrupted or when a query fails.
 */
export async function verifySales(
  { clients, endpoint, sales, deadlineMs }: SalesRun,
  terminal: Terminal,
): Promise<VerifiedOrders> {
  const { clock } = terminal;
  const signal = terminal.interruptible();
  const progress = new Progress(terminal, 'waiting for the sales lake');
  const untilEqual = async (): Promise<VerifiedOrders> => {
    let left = await verifyOrders(clients, sales, terminal);
    if (left.differences.length === 0) return left;
    terminal.err(await waitingSentence({ clients, endpoint }, 'the sales lake', sales.SalesDeliveryStreamName));
    for (let waitMs = wait.firstMs; ; waitMs = Math.min(wait.longestMs, waitMs * 1.5)) {
      progress.update(left.differences.length, 'differences left');
      if (left.differences.length === 0 || clock.now() >= deadlineMs) return left;
      if (signal.aborted) throw new CliError('Interrupted before the sales lake had settled.', { exitCode: 2 });
      await clock.sleep(waitMs, signal);
      const differing = new Set(left.differences.map(({ key }) => key));
      const { orders, differences } = await verifyOrders(clients, sales, terminal);
      left = { orders, differences: differences.filter(({ key }) => differing.has(key)) };
    }
  };
  return underWay(terminal, untilEqual).finally(() => progress.stop());
}
