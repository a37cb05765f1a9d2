import { createClients } from '@tweet-pipes/kit/aws-clients';
import type { Pending } from '@tweet-pipes/local-aws/lifecycle';
import { type Units, unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import { CliError } from '../cli-error.ts';
import type { StartFlags } from '../commands/start.ts';
import { priceNote, printBill, standingLine } from '../costs/print-bill.ts';
import { type RunBill, runBill } from '../costs/run-bill.ts';
import { usageOf } from '../costs/sample-usage.ts';
import { underWay } from '../explain.ts';
import { type Booted, boot, printBanner, printFaults, printPace, serve } from '../runtime/boot.ts';
import { readStackOutputs } from '../stack/outputs.ts';
import { Progress } from '../terminal/progress.ts';
import { plural, type Terminal, thousands } from '../terminal/terminal.ts';
import { auditCounters } from '../verification/audit.ts';
import { compareStores } from '../verification/compare.ts';
import { expectStores, rejectedCopies, settled } from '../verification/expectation.ts';
import { outcomeOf } from '../verification/outcome.ts';
import { ObjectReader } from '../verification/read-objects.ts';
import { readWholeStores } from '../verification/read-stores.ts';
import { feedSample } from './feed-sample.ts';
import { jsonSummary, printOutcome, printRow, printTop, printVerdict, type Verified } from './report.ts';

/** How often the live view asks what is pending. */
const lookMs = 200;
/**
 * So long may nothing change while something is pending; longer than a workflow may take and the waits between a
 * batch's attempts.
 */
const stuckMs = 300_000;

/** A run of the sample through a runtime. */
interface SampleRun extends Verified {
  /** From the first record sent to everything at rest. */
  drainSeconds: number;
  executions: number;
  archiveFiles: string[];
  /** What the run used, as AWS counts it. */
  units: Units;
  bill: RunBill;
}

/** Boots, feeds, waits, compares, prints; then serves, unless `--once`. Differences make the exit code 2. */
export async function start(flags: StartFlags, stack: string, terminal: Terminal): Promise<void> {
  const startMs = terminal.clock.now();
  const booted = await boot(flags, stack, terminal);
  try {
    const run = await underWay(terminal, () => runSample(booted, flags, terminal, startMs));
    if (flags.json) {
      const { readySeconds } = booted;
      const { drainSeconds, executions, archiveFiles, units, bill } = run;
      const more = { executions, archiveFiles: archiveFiles.length, readySeconds, drainSeconds };
      terminal.out(JSON.stringify(jsonSummary(run, { ...more, units, bill: jsonBill(bill) })));
    } else printRun(run, booted, terminal);
    if (run.differences.length > 0) terminal.exitCode = 2;
    if (flags.once) {
      printFaults(booted, terminal);
      printPace(booted, terminal);
      return;
    }
    printBanner(booted, terminal, flags.json ? terminal.err : terminal.out);
    await serve(booted, terminal);
  } finally {
    await booted.runtime.stop();
  }
}

async function runSample(booted: Booted, flags: StartFlags, terminal: Terminal, startMs: number): Promise<SampleRun> {
  const { runtime, signal } = booted;
  const { clock } = terminal;
  const clients = createClients({ endpoint: runtime.endpoint });
  // An attempt that the SDK hid might have put a record twice, and the comparison would not know.
  const feeding = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  try {
    const outputs = await readStackOutputs(clients, runtime.stackName);
    const access = { clients, outputs, clock, objects: new ObjectReader(clients, outputs.ArchiveBucketName) };
    // What an earlier run left under way is not this run's doing.
    await settle(booted, terminal, 'going on where the last run ended');
    const before = await readWholeStores(access);

    const feedMs = clock.now();
    const unitsBefore = runtime.units();
    const { sent, summary } = await feedSample(flags, {
      clients: feeding,
      streamName: outputs.TweetStreamName,
      terminal,
      signal,
    });
    terminal.err(`Fed ${plural(sent.length, 'record')} in ${summary.seconds.toFixed(1)} s.`);
    await settle(booted, terminal, 'working');
    const drainSeconds = (clock.now() - feedMs) / 1000;
    const units = unitsSince(unitsBefore, runtime.units());

    const found = await readWholeStores(access);
    const settledSent = settled(sent, found);
    // What an earlier run left there is nobody's copy.
    const fresh = {
      ...found,
      quarantine: new Map([...found.quarantine].filter(([key]) => !before.quarantine.has(key))),
    };
    const expected = expectStores(before, [...settledSent, ...rejectedCopies(settledSent, fresh)]);
    const outcome = outcomeOf(settledSent, before, found);
    const brought = { tweets: outcome.tweetsStored, deletions: outcome.deleteNotices };
    const usage = await usageOf(units, brought, clients, outputs);
    return {
      outcome,
      found,
      differences: [...compareStores(expected, found), ...auditCounters(found)],
      seconds: (clock.now() - startMs) / 1000,
      endpoint: runtime.endpoint,
      drainSeconds,
      executions: runtime.executions(),
      archiveFiles: await access.objects.archiveFiles(),
      units,
      bill: await runBill(usage, sent.length, runtime),
    };
  } finally {
    feeding.destroy();
    clients.destroy();
  }
}

/** Waits until nothing is under way and shows what still is. Throws CliError when interrupted, failed or stuck. */
async function settle({ runtime, signal, failure }: Booted, terminal: Terminal, label: string): Promise<void> {
  const { clock } = terminal;
  const startMs = clock.now();
  const progress = new Progress(terminal, label);
  let last = '';
  let changedMs = startMs;
  try {
    while (!signal.aborted) {
      const pending = await runtime.idle();
      if (pending.length === 0) return;
      progress.update(
        Math.round((clock.now() - startMs) / 1000),
        `s, under way: ${partsOf(pending, runtime.stackName)}`,
      );
      const details = pending.map(({ what, detail }) => `${what}: ${detail}`).join('\n  ');
      if (details !== last) changedMs = clock.now();
      else if (clock.now() - changedMs > stuckMs) {
        throw new CliError(`Nothing has moved for ${stuckMs / 1000} s. Pending:\n  ${details}`, { exitCode: 2 });
      }
      last = details;
      await clock.sleep(lookMs, signal);
    }
    throw new CliError(failure()?.message ?? 'Interrupted before all was done; the next start goes on.', {
      exitCode: 2,
    });
  } finally {
    progress.stop();
  }
}

/** The parts that have work, once each, without the stack's name and the hash that CloudFormation puts at the end. */
function partsOf(pending: readonly Pending[], stackName: string): string {
  const names = pending.map(({ what }) => what.replace(`${stackName}-`, '').replace(/[0-9A-F]{8}$/, ''));
  return [...new Set(names)].join(', ');
}

function printRun(run: SampleRun, booted: Booted, terminal: Terminal): void {
  const { found, archiveFiles } = run;
  terminal.out(terminal.bold('The sample went through the pipeline'));
  printOutcome(terminal, run);
  terminal.out('');
  terminal.out(
    terminal.bold(
      `Top hashtags of ${plural(run.outcome.hashtags, 'hashtag')}, ${plural(run.outcome.totalCount, 'occurrence')}`,
    ),
  );
  printTop(terminal, found, 10);
  terminal.out('');
  terminal.out(
    terminal.bold(`Archive: ${plural(found.archive.size, 'row')} in ${plural(archiveFiles.length, 'file')}`),
  );
  for (const file of archiveFiles.slice(0, 3)) terminal.out(`  ${file}`);
  printRow(terminal, found.archive.values().next().value);
  terminal.out('');
  printCost(terminal, run);
  terminal.out(
    `${plural(run.executions, 'workflow execution')}; ready in ${booted.readySeconds.toFixed(1)} s, the sample through in ${run.drainSeconds.toFixed(1)} s, ` +
      `${run.seconds.toFixed(1)} s in all.`,
  );
  printVerdict(terminal, run);
}

function printCost(terminal: Terminal, { bill: { prices, records, perMillion, standing } }: SampleRun): void {
  terminal.out(terminal.bold(`The bill of AWS for ${thousands(records)} such records (${priceNote(prices)})`));
  printBill(terminal, perMillion);
  terminal.out(standingLine(standing));
  terminal.out('');
}

function jsonBill({ prices: { region, dated }, records, perMillion, standing }: RunBill): object {
  return { region, dated, records, perMillion, standingPerMonth: standing };
}
