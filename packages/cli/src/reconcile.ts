import type { ReconcileFlags } from './commands/reconcile.ts';
import { reconcile } from './recovery/reconcile.ts';
import {
  type Difference,
  type DifferenceStatus,
  isReconciled,
  type ReconcileReport,
} from './recovery/reconcile-report.ts';
import type { Connection } from './stack/connect.ts';
import { recover } from './stack/run-recovery.ts';
import { Progress } from './terminal/progress.ts';
import { plural, printable, type Terminal, thousands } from './terminal/terminal.ts';

const statusTexts: Record<DifferenceStatus, string> = {
  low: 'too low, proven; --apply raises them',
  high: 'too high, proven; --apply lowers them',
  damaged: 'hold no count; --apply writes one',
  unproved: 'not provable: they may be right, and are left alone',
  'in-doubt': 'in doubt: tweets of them may still be delivered; repeat with --stop',
  moved: 'changed meanwhile and left alone; repeat',
  repaired: 'repaired',
};

/** So many are named; `--json` has up to a thousand. */
const mostNamed = 20;

/** Reconciles and prints the report. Exit code 2 unless every counter is what its evidence says in the end. */
export async function runReconcile(connection: Connection, flags: ReconcileFlags, terminal: Terminal): Promise<void> {
  let progress: Progress | undefined;
  let report: ReconcileReport;
  try {
    report = await recover(connection, terminal, (on) =>
      reconcile(on, {
        apply: flags.apply ?? false,
        stop: flags.stop ?? false,
        onProgress(tweets) {
          progress ??= new Progress(terminal, 'tweets looked at');
          progress.update(tweets);
        },
      }),
    );
  } finally {
    progress?.stop();
  }
  if (flags.json) terminal.out(JSON.stringify(report));
  else print(report, terminal);
  if (!isReconciled(report)) terminal.exitCode = 2;
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
    for (const difference of named.slice(0, mostNamed)) terminal.out(`  ${line(difference)}`);
    if (named.length > mostNamed) terminal.out('  … (--json has more)');
  }
  if (gaps.length > 0) terminal.out('The evidence may be incomplete, so that no counter can be proven too high:');
  for (const gap of gaps) terminal.out(`  ${gap}`);
  if (unattributed > 0) {
    terminal.out(`${plural(unattributed, 'tweet')} came past the stream and are not counted.`);
  }
  if (outOfOrderWithoutTweet > 0) {
    terminal.out(
      `${plural(outOfOrderWithoutTweet, 'record')} on the out-of-order list have left no tweet of their own: they were not counted, and cannot be.`,
    );
  }
}

function line({ hashtag, count, expected, pending, outOfOrder }: Difference): string {
  const notes = [
    ...(outOfOrder > 0 ? [`${outOfOrder} on the out-of-order list`] : []),
    ...(pending > 0 ? [`${pending} may still be counted`] : []),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `#${printable(hashtag)}: ${count === null ? 'no count' : thousands(count)}, must be ${thousands(expected)}${note}`;
}
