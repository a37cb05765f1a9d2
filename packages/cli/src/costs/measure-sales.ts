import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { startRuntime } from '@tweet-pipes/local-aws';
import { unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import { untilIdle } from '../runtime/until-idle.ts';
import { feedOrders } from '../sample/feed-orders.ts';
import { readSalesOutputs } from '../stack/sales-outputs.ts';
import { averageBytes } from '../tables/stored-bytes.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { callersWriteUnits } from './callers-writes.ts';
import type { MeasuredChanges } from './sales-bill.ts';

/** Firehose's buffer interval, which a run waits for at its end. */
const bufferSeconds = 1;

/** What to run. */
export interface SalesMeasurement {
  /** A synthesized app. */
  assemblyFolder: string;
  /** Name of the sales lake's stack. */
  stack: string;
  /** Generated changes to write. */
  changes: number;
}

/**
 * Writes generated changes of orders to a runtime of its own in a temporary folder, and counts what AWS would bill.
 * Throws CliError, exit code 2, when a change was not written, nothing moves any more, or it is interrupted.
 */
export async function measureSales(
  { assemblyFolder, stack, changes }: SalesMeasurement,
  terminal: Terminal,
): Promise<MeasuredChanges> {
  const { clock, random } = terminal;
  const signal = terminal.interruptible();
  const dataFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-cost-sales-'));
  try {
    const runtime = await startRuntime({
      assemblyFolder,
      stacks: [stack],
      dataFolder,
      clock,
      random,
      maxBufferIntervalSeconds: bufferSeconds,
      log: terminal.err,
    });
    const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
    try {
      const { OrderTableName: tableName } = await readSalesOutputs(clients, stack);
      const used = () => runtime.unitsByStack()[stack] ?? runtime.units();
      const [before, writtenBefore] = [used(), await callersWriteUnits(runtime.endpoint)];
      const fed = await feedOrders({ clients, tableName, terminal, signal, changes });
      const written = (await callersWriteUnits(runtime.endpoint)) - writtenBefore;
      await untilIdle(() => runtime.idle(), { clock, signal });
      if (signal.aborted) throw new CliError('Interrupted.', { exitCode: 2 });
      const units = unitsSince(before, used());
      return {
        ...fed,
        units: { ...units, dynamodbWriteUnits: units.dynamodbWriteUnits + written },
        bytesPerOrder: await averageBytes(clients.dynamodb, tableName),
      };
    } finally {
      clients.destroy();
      await runtime.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}
