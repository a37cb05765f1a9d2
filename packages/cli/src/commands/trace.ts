import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { type Command, InvalidArgumentError } from 'commander';
import { underWay } from '../explain.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';
import type { TraceContext } from '../trace/context.ts';

interface TraceFlags {
  /** Hours; undefined: the default. */
  since?: number;
  json?: true;
}

const hourMs = 3_600_000;
/** docs/records.md, "Input records". */
const longestId = 64;
/** On AWS each consumer of a shard shares what can be read of it. */
const hoursOnAws = 1;

/** `trace`: the journey of one tweet. */
export function addTrace(program: Command, terminal: Terminal): void {
  program
    .command('trace')
    .description('tell what happened to one tweet, and why it is counted or not')
    .argument('<tweet id>', 'its id, the exact text')
    .option(
      '--since <duration>',
      'search the stream so far back: 30m, 6h, 7d (default: 1h on AWS, else all)',
      parseHours,
    )
    .option(
      '--json',
      'one line of JSON: {"id", "known", "verdict", "steps": [{"at", "what", …}], "notKnown", "looked"}',
    )
    .addHelpText(
      'after',
      `
It answers "why is my tweet not counted?": it is not on the stream, on its way, in quarantine, given up by the pipe, a
duplicate, deleted, without hashtags, or filtered. Below stands each step with its time: the records that carried it,
what each execution did with them, its item and counters, its deletion, its rows in the archive and the lake, redrives.
A time that no store and no log tells is –, and the step stands where it belongs.

What it reads: some 10 items of DynamoDB; the shard of the stream to which the id leads, back to --since, and the other
shards if that has no record of it; three objects of the quarantine a record; the files of the hours in which the tweet
came and left, of the archive and the lake; log events of the time since it came. It says what it read on standard
error. On AWS that is less than a US cent for most stacks: 0.04 USD per GB of an on-demand stream, 0.40 USD per million
objects; reading log events is free. A shard gives 2 MB a second, which all of its readers share.

Exit code 2 if nothing knows the tweet.

Examples:
  $ npx tweet-pipes trace 1212092628029698048
  $ npx tweet-pipes trace 1212092628029698048 --since 24h
  $ npx tweet-pipes trace 1212092628029698048 --json | jq -r .verdict.why`,
    )
    .action((id: string, flags: TraceFlags, command: Command) => trace(id, flags, command, terminal));
}

async function trace(id: string, { since, json }: TraceFlags, command: Command, terminal: Terminal): Promise<void> {
  const { length } = [...id];
  if (length === 0 || length > longestId) {
    throw new CliError(`The id of a tweet has 1 to ${longestId} characters, and this one has ${length}.`);
  }
  const [{ withStack }, { stackNamesOf }, { findLakeOutputs }, { traceTweet }, { journeyLines }, { LateProgress }] =
    await Promise.all([
      import('../stack/connect.ts'),
      import('../stack/stack-names.ts'),
      import('../stack/lake-outputs.ts'),
      import('../trace/trace-tweet.ts'),
      import('../trace/journey-lines.ts'),
      import('../terminal/late-progress.ts'),
    ]);
  await withStack(terminal, command, async ({ clients, outputs: stack }) => {
    const { clock, random } = terminal;
    const lake = await findLakeOutputs(clients, stackNamesOf(command).lakeStack);
    const hours = since ?? (isOnAws(terminal) ? hoursOnAws : undefined);
    if (hours !== undefined && isOnAws(terminal)) terminal.err(intention(hours));
    const progress = new LateProgress(terminal, 'records of the stream read:');
    const context: TraceContext = {
      ...{ clients, stack, clock, random },
      signal: terminal.interruptible(),
      note(line) {
        progress.stop();
        terminal.err(line);
      },
      lakeBucket: lake?.LakeBucketName,
      sinceMs: hours === undefined ? undefined : clock.now() - hours * hourMs,
      onProgress: (records) => progress.update(records),
    };
    const journey = await underWay(terminal, () => traceTweet(context, id)).finally(() => progress.stop());
    if (json) terminal.out(printableJson(journey));
    else for (const line of journeyLines(journey, terminal.bold)) terminal.out(line);
    if (!journey.known) terminal.exitCode = 2;
  });
}

function isOnAws({ env }: Terminal): boolean {
  return !env.AWS_ENDPOINT_URL;
}

function intention(hours: number): string {
  return `Reads some 10 items, ${hours} h of the shard of the stream, and the files of the hours in which the tweet came and left; usually less than a US cent (--help has the prices).`;
}

const hoursOf: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };

function parseHours(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const hours = Number(count) * (hoursOf[unit] ?? Number.NaN);
  if (!(hours > 0 && hours <= 8_760)) {
    throw new InvalidArgumentError('It must be a length of time such as 30m, 6h or 7d, a year at most.');
  }
  return hours;
}
