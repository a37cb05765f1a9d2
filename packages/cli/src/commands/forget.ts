import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { ForgettingReport } from '@tweet-pipes/kit/forgetting/report';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import type { Progress } from '../terminal/progress.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';

interface ForgetFlags {
  id?: string[];
  dryRun?: true;
  json?: true;
}

/** What a folder holds, of one row and of several. */
const folderTexts: Record<keyof ForgettingReport['rows'], (count: number) => string> = {
  lake: (count) => `${plural(count, 'row')} of the lake`,
  sentiment: (count) => `${plural(count, 'row')} of sentiment`,
  lakeErrors: (count) => `${plural(count, 'record')} of the lake that became no ${count === 1 ? 'row' : 'rows'}`,
  quarantine: (count) => `${plural(count, 'record')} in quarantine`,
  archive: (count) => `${plural(count, 'row')} of the archive, stripped to ${count === 1 ? 'its' : 'their'} keys`,
  archiveErrors: (count) => `${plural(count, 'row')} that could not be delivered to the archive`,
};

/** `forget`: removes what deleted tweets left in S3. */
export function addForget(program: Command, terminal: Terminal): void {
  program
    .command('forget')
    .description('remove the text of deleted tweets from the lake, its results and the quarantine')
    .option('--id <id...>', 'only these tweets, which must have been deleted; default all that were')
    .option('--dry-run', 'say what would be removed, and change nothing')
    .option('--json', 'the report on one line of JSON')
    .addHelpText(
      'after',
      `
A tweet is forgotten when its delete notice was processed: its id is in the table of deletions. On AWS a job does the
same twice a day (tweetPipes:forgetEveryHours). This command has no time limit, and goes on where a run stopped.

It rewrites the files of the lake without the rows of deleted tweets, takes deleted tweets out of the files of what
could not be delivered, blanks them in quarantine, and removes results of queries from before. With
archiveContent=keys it also strips archive rows to their keys. Delete notices stay: they hold an id. Forgotten tweets
that were counted go on being counted, by hashtag and without their ids, so that audit stays exact.

It guarantees: no other row changes, nothing is counted twice, and it may be interrupted anywhere and run again, also
beside the job. The first run for a new deletion reads all files; on AWS that costs 0.40 USD for a million of them.

Exit code 2 if it had to stop before the end.

Examples:
  $ npx tweet-pipes forget --dry-run
  $ npx tweet-pipes delete 1234567890 && npx tweet-pipes forget --id 1234567890
  $ npx tweet-pipes forget --json | jq .rows`,
    )
    .action(async (flags: ForgetFlags, command: Command) => {
      const report = await forgetUnderProgress(flags, command, terminal);
      if (flags.json) terminal.out(printableJson(report));
      else print(report, terminal);
      if (!report.isComplete) terminal.exitCode = 2;
    });
}

async function forgetUnderProgress(
  flags: ForgetFlags,
  command: Command,
  terminal: Terminal,
): Promise<ForgettingReport> {
  const [{ withLake }, { readStackOutputs }, { forget, NotDeletedError }, { AnotherRunError }, stores, { Progress }] =
    await Promise.all([
      import('../stack/connect.ts'),
      import('../stack/outputs.ts'),
      import('@tweet-pipes/kit/forgetting/forget'),
      import('@tweet-pipes/kit/forgetting/ledger'),
      Promise.all([
        import('@tweet-pipes/kit/forgetting/s3-object-store'),
        import('@tweet-pipes/kit/forgetting/tombstones'),
      ]),
      import('../terminal/progress.ts'),
    ]);
  const [{ S3ObjectStore }, { TombstoneTable }] = stores;
  let progress: Progress | undefined;
  try {
    return await withLake(terminal, command, async ({ clients, lake, coreStack }) => {
      const core = await readStackOutputs(clients, coreStack);
      const forgetting = {
        objects: new S3ObjectStore(clients.s3),
        tombstones: new TombstoneTable(clients.dynamodb, core.DeletionTableName),
        buckets: { lake: lake.LakeBucketName, archive: core.ArchiveBucketName },
        archiveContent: lake.ArchiveContent,
        clock: terminal.clock,
      };
      const signal = terminal.interruptible();
      return forget(forgetting, {
        ...(flags.id === undefined ? {} : { ids: flags.id }),
        dryRun: flags.dryRun ?? false,
        signal,
        onProgress: (objectsRead) => {
          progress ??= new Progress(terminal, 'files read');
          progress.update(objectsRead);
        },
      });
    });
  } catch (error) {
    if (error instanceof NotDeletedError) {
      const remedy = `Send their delete notices first: npx tweet-pipes delete ${error.ids.join(' ')}`;
      throw new CliError(`${error.message} ${remedy}`, { cause: error });
    }
    if (error instanceof AnotherRunError) throw new CliError(error.message, { exitCode: 2, cause: error });
    throw error;
  } finally {
    progress?.stop();
  }
}

function print(report: ForgettingReport, terminal: Terminal): void {
  const { dryRun, tombstones, forgotten, left, objectsRead, bytesRead, objectsRewritten, bytesWritten } = report;
  if (dryRun) terminal.out('A dry run: nothing was changed. A run would remove:');
  const removed = Object.entries(folderTexts).filter(([folder]) => rowsOf(report, folder) > 0);
  for (const [folder, text] of removed) terminal.out(text(rowsOf(report, folder)));
  if (removed.length === 0) terminal.out('Nothing of deleted tweets is there.');
  if (report.resultsRemoved > 0) terminal.out(`${plural(report.resultsRemoved, 'result')} of queries`);
  if (report.versionsRemoved > 0) terminal.out(`${plural(report.versionsRemoved, 'old version')} of files`);
  const rewritten = dryRun
    ? `${thousands(objectsRewritten)} to rewrite`
    : `${thousands(objectsRewritten)} rewritten (${thousands(bytesWritten)} bytes)`;
  terminal.out(`${plural(objectsRead, 'file')} read (${thousands(bytesRead)} bytes), ${rewritten}.`);
  if (!dryRun)
    terminal.out(`${plural(tombstones, 'deletion')}: ${thousands(forgotten)} forgotten now, ${thousands(left)} left.`);
  if (!report.isComplete) terminal.err('Interrupted. Run it again: it goes on where it stopped.');
}

function rowsOf({ rows }: ForgettingReport, folder: string): number {
  return Object.entries(rows).find(([name]) => name === folder)?.[1] ?? 0;
}
