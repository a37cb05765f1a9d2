import type { RedriveFlags } from './commands/redrive.ts';
import { redrive } from './recovery/redrive.ts';
import { isClean, type PipeReport, type RedriveReport } from './recovery/redrive-report.ts';
import type { RecordOutcome } from './recovery/settle-record.ts';
import type { Connection } from './stack/connect.ts';
import { recover } from './stack/run-recovery.ts';
import { Progress } from './terminal/progress.ts';
import { plural, printable, type Terminal, thousands } from './terminal/terminal.ts';

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

/** So many are named; `--json` has up to a thousand. */
const mostNamed = 20;

/** Redrives under a progress bar and prints the report. Exit code 2 unless everything is settled and proved. */
export async function runRedrive(connection: Connection, flags: RedriveFlags, terminal: Terminal): Promise<void> {
  let progress: Progress | undefined;
  let report: RedriveReport;
  try {
    report = await recover(connection, terminal, (on) =>
      redrive(on, {
        stop: flags.stop ?? false,
        dryRun: flags.dryRun ?? false,
        dismissExpired: flags.dismissExpired ?? false,
        onProgress(done, of) {
          progress ??= new Progress(terminal, 'following pointers', of);
          progress.update(done);
          if (done < of) return;
          progress.stop();
          progress = undefined;
        },
      }),
    );
  } finally {
    progress?.stop();
  }
  if (flags.json) terminal.out(JSON.stringify(report));
  else print(report, terminal);
  if (!isClean(report)) terminal.exitCode = 2;
}

function print({ dryRun, ingest, archives }: RedriveReport, terminal: Terminal): void {
  if (dryRun) terminal.out('A dry run: nothing was changed.');
  printPipe(ingest, terminal);
  for (const [outcome, text] of Object.entries(outcomeTexts)) {
    const count = ingest.outcomes[outcome as RecordOutcome];
    if (count > 0) terminal.out(`  ${thousands(count)} ${text}`);
  }
  for (const { record, outcome, id, detail, unproved } of ingest.named.slice(0, mostNamed)) {
    const tweet = id === undefined ? '' : ` tweet ${printable(id)},`;
    const hashtags = unproved.map((hashtag) => ` #${printable(hashtag)}`).join('');
    terminal.out(`    ${outcome}: ${record},${tweet} ${printable(detail)}${hashtags}`);
  }
  if (ingest.named.length > mostNamed)
    terminal.out(`    … and ${thousands(ingest.named.length - mostNamed)} more (--json)`);
  for (const archive of archives) {
    printPipe(archive, terminal);
    if (archive.rows > 0) terminal.out(`  ${plural(archive.rows, 'row')} ${dryRun ? 'to deliver' : 'delivered'} again`);
  }
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
  for (const { why, detail } of kept.slice(0, mostNamed)) terminal.out(`  ${why}: ${printable(detail)}`);
  if (keptCount > mostNamed) terminal.out(`  … and ${thousands(keptCount - mostNamed)} more (--json)`);
}
