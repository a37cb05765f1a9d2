import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { type IngestReport, isClean, type PipeReport, type RedriveReport } from '../recovery/redrive-report.ts';
import type { RecordOutcome } from '../recovery/settle-record.ts';
import type { Progress } from '../terminal/progress.ts';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';

interface RedriveFlags {
  stop?: true;
  dryRun?: true;
  dismissExpired?: true;
  json?: true;
}

const outcomeTexts: Record<RecordOutcome, string> = {
  stored: 'stored and counted',
  counted: 'stored before, counted now',
  'nothing-to-do': 'nothing left to do',
  duplicate: 'duplicates, not counted',
  dropped: 'dropped: their delete notice came first, or they had no hashtags and are deleted',
  deleted: 'delete notices carried out',
  quarantined: 'put into quarantine',
  unproved: 'not provable: not counted again, listed under quarantine/unproved/',
};

/** Maximum number of messages and records printed individually; `--json` has up to a thousand. */
const mostPrinted = 20;

/** `redrive`: follows the dead letters. */
export function addRedrive(program: Command, terminal: Terminal): void {
  program
    .command('redrive')
    .description('follow the dead letters: store, count, quarantine or archive what the pipes gave up')
    .option('--stop', 'stop the ingest pipe first, if it runs, and start it in the end')
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--dismiss-expired', 'also remove dead letters whose records have left the stream, after naming them')
    .option('--json', 'the report on one line of JSON')
    .addHelpText(
      'after',
      `
A dead letter of the ingest pipe is followed into the stream. A tweet that was never stored is stored and counted once;
a delete notice is carried out; what no workflow can use goes to quarantine with its reason. The ingest pipe must be
stopped meanwhile. A dead letter of an archive pipe is followed into the table's stream and its removals are flattened
and delivered again; so are those of the pipes for sentiment and for orders, where they are deployed. Those pipes may
run.

It guarantees: nothing is counted twice, however often and wherever it is interrupted and repeated. A message leaves its
queue when each of its records is settled, not before.
It cannot tell whether a tweet was counted that the workflow had stored before it failed, once later records of the
shard have been counted for the same hashtag. Such tweets are named, listed under quarantine/unproved/, and not counted
again; reconcile decides about them.
It cannot read records that have left the stream (24 hours by default). Those dead letters are named and stay in the
queue.

Exit code 2 if anything expired, failed, or cannot be proved.

Examples:
  $ npx tweet-pipes redrive --dry-run
  $ npx tweet-pipes redrive --stop
  $ npx tweet-pipes redrive --stop --json | jq .ingest.outcomes`,
    )
    .action(async (flags: RedriveFlags, command: Command) => {
      const report = await redriveUnderProgress(flags, command, terminal);
      if (flags.json) terminal.out(printableJson(report));
      else print(report, terminal);
      if (!isClean(report)) terminal.exitCode = 2;
    });
}

async function redriveUnderProgress(flags: RedriveFlags, command: Command, terminal: Terminal): Promise<RedriveReport> {
  const [{ runRedrive }, { redrive }, { Progress }] = await Promise.all([
    import('../stack/run-recovery.ts'),
    import('../recovery/redrive.ts'),
    import('../terminal/progress.ts'),
  ]);
  let progress: Progress | undefined;
  const onProgress = (done: number, total: number) => {
    progress ??= new Progress(terminal, 'following dead letters', total);
    progress.update(done);
    if (done < total) return;
    progress.stop();
    progress = undefined;
  };
  const options = {
    stop: flags.stop ?? false,
    dryRun: flags.dryRun ?? false,
    dismissExpired: flags.dismissExpired ?? false,
    onProgress,
  };
  try {
    return await runRedrive(terminal, command, (tools, pipes) => redrive(tools, pipes, options));
  } finally {
    progress?.stop();
  }
}

function print({ dryRun, ingest, archives, others }: RedriveReport, terminal: Terminal): void {
  if (dryRun) terminal.out('A dry run: nothing was changed.');
  if (ingest !== null) printIngest(ingest, terminal);
  for (const report of [...archives, ...others]) {
    printPipe(report, terminal);
    if (report.rows > 0) terminal.out(`  ${plural(report.rows, 'row')} ${dryRun ? 'to deliver' : 'delivered'} again`);
  }
}

function printIngest(ingest: IngestReport, terminal: Terminal): void {
  printPipe(ingest, terminal);
  for (const [outcome, text] of Object.entries(outcomeTexts)) {
    const count = ingest.outcomes[outcome as RecordOutcome];
    if (count > 0) terminal.out(`  ${thousands(count)} ${text}`);
  }
  for (const { record, outcome, id, detail, unproved } of ingest.named.slice(0, mostPrinted)) {
    const tweet = id === undefined ? '' : ` tweet ${printable(id)},`;
    const hashtags = unproved.map((hashtag) => ` #${printable(hashtag)}`).join('');
    terminal.out(`    ${outcome}: ${record},${tweet} ${printable(detail)}${hashtags}`);
  }
  if (ingest.named.length > mostPrinted)
    terminal.out(`    … and ${thousands(ingest.named.length - mostPrinted)} more (--json)`);
}

function printPipe(report: PipeReport, terminal: Terminal): void {
  const { pipe, messages, removed, keptCount, kept } = report;
  if (messages === 0) {
    terminal.out(`${pipe}: the dead-letter queue is empty.`);
    return;
  }
  terminal.out(
    `${pipe}: ${plural(messages, 'message')}, ${thousands(removed)} settled and removed, ${thousands(keptCount)} kept.`,
  );
  for (const { why, detail } of kept.slice(0, mostPrinted)) terminal.out(`  ${why}: ${printable(detail)}`);
  if (keptCount > mostPrinted) terminal.out(`  … and ${thousands(keptCount - mostPrinted)} more (--json)`);
}
