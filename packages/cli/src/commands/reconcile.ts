import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import {
  type CounterDifference,
  type DifferenceStatus,
  isReconciled,
  type ReconcileReport,
} from '../recovery/reconcile-report.ts';
import type { Progress } from '../terminal/progress.ts';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';

interface ReconcileFlags {
  apply?: true;
  stop?: true;
  json?: true;
}

const statusTexts: Record<DifferenceStatus, string> = {
  low: 'too low, proven; --apply raises them',
  high: 'too high, proven; --apply lowers them',
  damaged: 'hold no count; --apply writes one',
  unproved: 'not provable: they may be right, and are left alone',
  'in-doubt': 'in doubt: tweets of them may still be delivered; repeat with --stop',
  moved: 'changed meanwhile and left alone; repeat',
  repaired: 'repaired',
};

/** Maximum number of counters of one status printed individually; `--json` has up to a thousand. */
const mostPrinted = 20;

/** `reconcile`: compares the counters with what they must be. */
export function addReconcile(program: Command, terminal: Terminal): void {
  program
    .command('reconcile')
    .description('recompute every counter from the tweets and the archive, and show or repair what differs')
    .option('--apply', 'write what is proven; the ingest pipe must be stopped and its dead letters settled')
    .option('--stop', 'let the ingest pipe process what is in the stream, stop it meanwhile, and start it in the end')
    .option('--json', 'the report on one line of JSON')
    .addHelpText(
      'after',
      `
A counter must be the number of distinct tweets that were accepted with its hashtag: those in the table, those in the
archive, and those removed within the last day whose rows are still on their way. It reads, and on AWS bills, the tables
of tweets and hashtags and the whole archive of tweets; if anything differs, a day of the table's stream too. Memory
grows with the number of hashtags, disk with the number of tweets.

It guarantees: a counter is raised only to tweets that exist or existed, lowered only when the evidence is complete, and
written only if it is still what it was compared as.
It cannot prove that a counter is too high once evidence may be missing: archive files that expired, archiveContent=keys
(rows without hashtags), rows that could not be delivered. Such counters are reported and left alone.
It cannot judge a hashtag while the stream may still deliver a tweet of it again; --stop waits until it cannot.

Exit code 2 if anything differs in the end.

Examples:
  $ npx tweet-pipes reconcile
  $ npx tweet-pipes reconcile --stop --apply
  $ npx tweet-pipes reconcile --json | jq '.differences[] | select(.status == "low")'`,
    )
    .action(async (flags: ReconcileFlags, command: Command) => {
      const report = await reconcileUnderProgress(flags, command, terminal);
      if (flags.json) terminal.out(printableJson(report));
      else print(report, terminal);
      if (!isReconciled(report)) terminal.exitCode = 2;
    });
}

async function reconcileUnderProgress(
  flags: ReconcileFlags,
  command: Command,
  terminal: Terminal,
): Promise<ReconcileReport> {
  const [{ runRecovery }, { reconcile }, { Progress }] = await Promise.all([
    import('../stack/run-recovery.ts'),
    import('../recovery/reconcile.ts'),
    import('../terminal/progress.ts'),
  ]);
  let progress: Progress | undefined;
  const onProgress = (tweets: number) => {
    progress ??= new Progress(terminal, 'tweets looked at');
    progress.update(tweets);
  };
  const options = { apply: flags.apply ?? false, stop: flags.stop ?? false, onProgress };
  try {
    return await runRecovery(terminal, command, (context) => reconcile(context, options));
  } finally {
    progress?.stop();
  }
}

function print(report: ReconcileReport, terminal: Terminal): void {
  const { counters, equal, evidence, differences, gaps, unattributed, outOfOrderWithoutTweet } = report;
  const { stored, archived, removedLately } = evidence;
  terminal.out(
    `${plural(stored, 'tweet')} stored, ${thousands(archived)} in the archive, ${thousands(removedLately)} removed within the last day and not yet there.`,
  );
  terminal.out(`${plural(counters, 'counter')}, ${thousands(equal)} as they must be.`);
  for (const [status, text] of Object.entries(statusTexts)) {
    const named = differences.filter((difference) => difference.status === status);
    if (named.length === 0) continue;
    terminal.out(`${thousands(report.statuses[status as DifferenceStatus])} ${text}:`);
    for (const difference of named.slice(0, mostPrinted)) terminal.out(`  ${line(difference)}`);
    if (named.length > mostPrinted) terminal.out('  … (--json has more)');
  }
  if (gaps.length > 0) terminal.out('The evidence may be incomplete, so that no counter can be proven too high:');
  for (const gap of gaps) terminal.out(`  ${gap}`);
  if (unattributed > 0) {
    terminal.out(`${plural(unattributed, 'tweet')} were written directly to the table and are not counted.`);
  }
  if (outOfOrderWithoutTweet > 0) {
    terminal.out(
      `${plural(outOfOrderWithoutTweet, 'record')} on the out-of-order list have left no tweet of their own: they were not counted, and cannot be.`,
    );
  }
}

function line({ hashtag, count, expected, pending, outOfOrder }: CounterDifference): string {
  const notes = [
    ...(outOfOrder > 0 ? [`${outOfOrder} on the out-of-order list`] : []),
    ...(pending > 0 ? [`${pending} may still be counted`] : []),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `#${printable(hashtag)}: ${count === null ? 'no count' : thousands(count)}, must be ${thousands(expected)}${note}`;
}
