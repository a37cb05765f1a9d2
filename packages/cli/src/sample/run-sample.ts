import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { plural } from '@tweet-pipes/kit/wording';
import type { Pending, Runtime } from '@tweet-pipes/local-aws';
import type { Booted } from '@tweet-pipes/local-aws/command-line/serve';
import type { Units } from '@tweet-pipes/local-aws/meter/metered';
import type { SampleOptions } from '@tweet-pipes/producer/sample/sample';
import { callersWriteUnits } from '../costs/callers-writes.ts';
import { type RunBill, runBill, runSalesBill } from '../costs/run-bill.ts';
import type { SalesBill } from '../costs/sales-bill.ts';
import { usageOf } from '../costs/sample-usage.ts';
import { findNamedQuery } from '../lake/named-queries.ts';
import { untilIdle } from '../runtime/until-idle.ts';
import type { LakeOutputs } from '../stack/lake-outputs.ts';
import { generatedOrderTable } from '../stack/sales-outputs.ts';
import { averageBytes } from '../tables/stored-bytes.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { auditCounters } from '../verification/audit.ts';
import { compareStores } from '../verification/compare.ts';
import { compareLake } from '../verification/compare-lake.ts';
import { expectStores, rejectedCopies, settled } from '../verification/expectation.ts';
import { outcomeOf } from '../verification/outcome.ts';
import { ask, readWholeLake } from '../verification/read-lake.ts';
import { ObjectReader } from '../verification/read-objects.ts';
import { readWholeStores } from '../verification/read-stores.ts';
import type { SentRecord, Stores } from '../verification/stores.ts';
import { verifyOrders } from '../verification/verify-orders.ts';
import { feedOrders } from './feed-orders.ts';
import { feedSample } from './feed-sample.ts';
import type { Verified } from './report.ts';
import { findSampleStacks, measureUnits } from './sample-stacks.ts';

/** A run of the sample through a runtime. */
export interface SampleRun extends Verified {
  /** From the first record sent until nothing is pending. */
  drainSeconds: number;
  /** Of the workflow, since the runtime started. */
  executions: number;
  archiveFiles: string[];
  /** Changes of orders that were written, and orders in the table after them. Undefined without a sales lake. */
  orders: { changes: number; current: number } | undefined;
  /** The newest answer of the lake's named query `languages`: tweets by language. Undefined without a lake. */
  languages: { lang: string; tweets: number }[] | undefined;
  /** What the run used, as AWS counts it. */
  units: Units;
  bill: RunBill;
  /** Of a million such changes of orders. Undefined without a sales lake. */
  salesBill: SalesBill | undefined;
}

/**
 * Feeds a sample, waits until nothing is pending and compares every store with what it must hold. `startMs` is when the
 * command started, `timeout` the seconds without progress after which it gives up. Throws CliError, exit code 2, when
 * interrupted or when the runtime fails or makes no progress.
 */
export async function runSample(
  booted: Booted,
  { timeout, ...sample }: SampleOptions & { timeout: number },
  terminal: Terminal,
  startMs: number,
): Promise<SampleRun> {
  const { runtime, signal } = booted;
  const { clock } = terminal;
  const clients = createClients({ endpoint: runtime.endpoint });
  // A hidden second attempt of the SDK might put a record twice, and the comparison would not know.
  const feeding = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  try {
    const stacks = await findSampleStacks(clients, runtime);
    const { outputs } = stacks;
    const [lake, sales] = [stacks.lake?.outputs, stacks.sales?.outputs];
    // The engine of queries starts while records flow.
    const warm = lake && ask({ clients, lake }, terminal, 'SELECT 1').catch(() => {});
    const access = { clients, outputs, clock, objects: new ObjectReader(clients, outputs.ArchiveBucketName) };
    // Work left over from an earlier run must not be counted as this run's.
    await settle(booted, terminal, timeout, 'going on where the last run ended');
    const before = await readWholeStores(access);

    const feedMs = clock.now();
    const used = measureUnits(runtime, stacks);
    const feed = { clients: feeding, terminal, signal };
    const { sent, summary } = await feedSample(sample, { ...feed, streamName: outputs.TweetStreamName });
    terminal.err(`Fed ${plural(sent.length, 'record')} in ${summary.seconds.toFixed(1)} s.`);
    const writtenBefore = await callersWriteUnits(runtime.endpoint);
    const orderTable = sales && generatedOrderTable(sales);
    const fedOrders = orderTable === undefined ? undefined : await feedOrders({ ...feed, tableName: orderTable });
    const orderWrites = (await callersWriteUnits(runtime.endpoint)) - writtenBefore;
    await settle(booted, terminal, timeout, 'working');
    const drainSeconds = (clock.now() - feedMs) / 1000;
    const units = used();

    const found = await readWholeStores(access);
    const settledSent = settled(sent, found);
    const outcome = outcomeOf(settledSent, before, found);
    await warm;
    const lakeFound = lake && (await readWholeLake({ clients, lake }, terminal));
    const orders = sales && (await verifyOrders(clients, sales, terminal));
    const brought = { tweets: outcome.tweetsStored, deletions: outcome.deleteNotices };
    const usage = await usageOf(units.tweets, brought, clients, outputs);
    const orderUnits = { ...units.sales, dynamodbWriteUnits: units.sales.dynamodbWriteUnits + orderWrites };
    return {
      outcome,
      found,
      differences: [
        ...compareStores(expectedOf(settledSent, before, found), found),
        ...auditCounters(found),
        ...(lakeFound ? compareLake(settledSent, found, lakeFound) : []),
        ...(orders?.differences ?? []),
      ],
      lake: lakeFound,
      orders: orders && { changes: fedOrders?.changes ?? 0, current: orders.orders },
      languages: lake && (await tweetsByLanguage(clients, lake, terminal)),
      seconds: (clock.now() - startMs) / 1000,
      endpoint: runtime.endpoint,
      drainSeconds,
      executions: runtime.executions(),
      archiveFiles: await access.objects.archiveFiles(),
      units: units.all,
      bill: await runBill(usage, sent.length, runtime),
      salesBill:
        stacks.sales === undefined || orderTable === undefined || fedOrders === undefined
          ? undefined
          : await runSalesBill(
              { ...fedOrders, bytesPerOrder: await averageBytes(clients.dynamodb, orderTable), units: orderUnits },
              stacks.sales.name,
              runtime,
            ),
    };
  } finally {
    feeding.destroy();
    clients.destroy();
  }
}

/** What the stores must hold. Quarantine objects of earlier runs are no copies of this run's records. */
function expectedOf(sent: readonly SentRecord[], before: Stores, found: Stores): Stores {
  const fresh = new Map([...found.quarantine].filter(([key]) => !before.quarantine.has(key)));
  return expectStores(before, [...sent, ...rejectedCopies(sent, { ...found, quarantine: fresh })]);
}

async function tweetsByLanguage(
  clients: AwsClients,
  lake: LakeOutputs,
  terminal: Terminal,
): Promise<SampleRun['languages']> {
  const { athena } = await clients.lake();
  const { sql } = await findNamedQuery(athena, [lake.WorkGroupName], 'languages');
  const rows = await ask({ clients, lake }, terminal, sql);
  return rows.map(({ lang, tweets }) => ({ lang: String(lang), tweets: Number(tweets) }));
}

/** Waits until nothing is pending and shows what is. Throws CliError, exit code 2: interrupted, failed or stuck. */
async function settle(
  { runtime, signal, failure }: Booted,
  terminal: Terminal,
  timeoutSeconds: number,
  label: string,
): Promise<void> {
  const { clock } = terminal;
  const startMs = clock.now();
  const progress = new Progress(terminal, label);
  const onPending = (pending: readonly Pending[]) =>
    progress.update(Math.round((clock.now() - startMs) / 1000), `s, under way: ${partsOf(pending, runtime)}`);
  await untilIdle(() => runtime.idle(), {
    ...{ clock, signal, onPending, timeoutSeconds },
    ...(terminal.progress.isTTY ? {} : { log: terminal.err }),
  }).finally(() => progress.stop());
  if (!signal.aborted) return;
  throw new CliError(failure()?.message ?? 'Interrupted before all was done; the next start goes on.', { exitCode: 2 });
}

/** The parts that have work, once each, without the stack's name and the hash that CloudFormation puts at the end. */
function partsOf(pending: readonly Pending[], { stacks }: Runtime): string {
  const names = pending.map(({ what }) =>
    stacks.reduce((text, { name }) => text.replace(`${name}-`, ''), what).replace(/[0-9A-F]{8}$/, ''),
  );
  return [...new Set(names)].join(', ');
}
