import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { type Command, Option } from 'commander';
import type { Gap, LogSource } from '../logs/log-source.ts';
import type { Sought } from '../logs/selection.ts';
import { type Since, since } from '../options/since.ts';
import { printable, type Terminal } from '../terminal/terminal.ts';

interface LogsFlags extends Sought {
  follow?: true;
  n?: number;
  since: Since;
  json?: true;
}

/** Between two looks with --follow: local, and for each log group on AWS, which allows few calls a second. */
const localEveryMs = 1000;
const awsEveryMs = 500;

/** `logs`: what workflows, pipes, functions and deliveries logged. */
export function addLogs(program: Command, terminal: Terminal): void {
  program
    .command('logs')
    .description('show what workflows, pipes, functions and deliveries logged, a line an event')
    .argument('[source]', 'workflow, pipe, function or delivery; a name or a part of one; or a log group')
    .option('-f, --follow', 'go on with new events until Ctrl-C')
    .addOption(
      new Option('-n <number>', 'only the newest, how many, 1-10000').argParser(integer(1, 10_000)).conflicts('follow'),
    )
    .addOption(
      new Option('--since <time>', 'the beginning: 30s, 10m, 2h, 3d ago, or a time such as 2026-11-29T08:30Z')
        .argParser(since)
        .default({ agoMs: 3_600_000 }, '1h'),
    )
    .addOption(
      new Option(
        '--execution <id>',
        'every event of one execution: its ARN, its name or the beginning of that',
      ).conflicts(['tweet', 'filter']),
    )
    .addOption(new Option('--tweet <id>', 'events that hold this id').conflicts(['execution', 'filter']))
    .addOption(
      new Option('--filter <pattern>', 'events that a filter pattern of CloudWatch Logs describes').conflicts([
        'execution',
        'tweet',
      ]),
    )
    .option('--json', 'a line of JSON an event: {"at", "kind", "name", "logGroup", "logStream", "message"}')
    .addHelpText('after', help)
    .action(async (word: string | undefined, flags: LogsFlags, command: Command) => {
      const [{ clientsFromEnvironment }, { stackNamesOf }, { findLogSources }, { chooseSources }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../stack/stack-names.ts'),
        import('../logs/log-source.ts'),
        import('../logs/choose-sources.ts'),
      ]);
      const { clients, endpoint } = clientsFromEnvironment(terminal);
      try {
        const all = await findLogSources(clients, stackNamesOf(command), endpoint);
        const sources = await chooseSources(all, word, clients);
        await show({ sources, flags, clients, endpoint }, terminal);
      } finally {
        clients.destroy();
      }
    });
}

const help = `
Times are UTC. Without --since it begins an hour ago. Of workflows it shows when executions begin and end, and what
failed; --execution and --filter show every event. Before the time range or on the error line it says what the stacks do
not log at all, and which option changes that. Locally a stack logs as it would on AWS, in the same log groups.

It calls FilterLogEvents, which AWS does not bill. AWS has events some seconds after they happened, so does --follow.

Examples:
  $ npx tweet-pipes logs
  $ npx tweet-pipes logs workflow --follow
  $ npx tweet-pipes logs workflow -n 20
  $ npx tweet-pipes logs --execution 6289da6f
  $ npx tweet-pipes logs pipe --since 1d --json | jq -r .message.error.details
  $ npx tweet-pipes logs flatten --filter ERROR
  $ npx tweet-pipes logs workflow --filter '{ $.type = "TaskFailed" && $.details.error = "DynamoDb.*" }'`;

interface Shown {
  sources: readonly LogSource[];
  flags: LogsFlags;
  clients: AwsClients;
  endpoint: string | undefined;
}

async function show({ sources, flags, clients, endpoint }: Shown, terminal: Terminal): Promise<void> {
  const [
    { selectionsOf, isOutline },
    { readEvents },
    { newestEvents },
    { followEvents },
    { logJson, logLine, sourceName },
  ] = await Promise.all([
    import('../logs/selection.ts'),
    import('../logs/read-events.ts'),
    import('../logs/newest-events.ts'),
    import('../logs/follow-events.ts'),
    import('../logs/log-line.ts'),
  ]);
  const selections = selectionsOf(sources, flags);
  if (selections.length === 0)
    throw new CliError('Only workflows have executions. Leave the source out, or name a workflow.');
  for (const line of gapLines(
    selections.map(({ source }) => source),
    endpoint,
  ))
    terminal.err(line);
  const fromMs = 'agoMs' in flags.since ? terminal.clock.now() - flags.since.agoMs : flags.since.atMs;
  const width = Math.max(...selections.map(({ source }) => sourceName({ source }).length));
  const signal = terminal.interruptible();
  const everyMs = endpoint === undefined ? Math.max(localEveryMs, awsEveryMs * selections.length) : localEveryMs;
  const onMissing = (message: string) => terminal.err(printable(message));
  const past = () => readEvents(clients, selections, { fromMs, onMissing });
  const events = flags.follow
    ? followEvents({ clients, selections, fromMs, everyMs, clock: terminal.clock, signal, onMissing })
    : flags.n === undefined
      ? past()
      : newestEvents(past(), flags.n, signal);
  let count = 0;
  for await (const event of events) {
    if (signal.aborted) break;
    count += 1;
    terminal.out(flags.json ? logJson(event) : logLine(event, width, terminal.bold));
  }
  if (flags.follow || signal.aborted) return;
  if (count === 0) terminal.err(nothingFound(fromMs, flags));
  else if (isOutline(flags) && selections.some(({ source }) => source.kind === 'workflow')) {
    terminal.err('Of workflows these are begin, end and failures. --execution <the first word> shows all of one.');
  }
}

function nothingFound(fromMs: number, { execution, tweet }: Sought): string {
  const what =
    execution !== undefined ? 'No such execution' : tweet !== undefined ? 'No event with this id' : 'Nothing';
  const more = tweet === undefined ? '' : ` \`npx tweet-pipes trace ${tweet}\` asks the stores too.`;
  return printable(`${what} since ${new Date(fromMs).toISOString()}. --since 1d looks further back.${more}`);
}

/** A line for each thing that some of the sources do not log, with the remedy. */
function gapLines(sources: readonly LogSource[], endpoint: string | undefined): string[] {
  const byGap = new Map<string, { gap: Gap; names: string[] }>();
  const how = endpoint === undefined ? 'npx cdk deploy' : 'npm start --';
  for (const { kind, label, gap } of sources) {
    if (gap === undefined) continue;
    const key = `${kind} ${gap.what} ${gap.option}`;
    const found = byGap.get(key) ?? { gap, names: [] };
    found.names.push(`${kind} ${label}`);
    byGap.set(key, found);
  }
  return [...byGap.values()].map(({ gap: { what, option, property }, names }) => {
    const change = option === undefined ? `${property} in its template` : `${how} -c tweetPipes:${option}`;
    return printable(`${names.join(', ')}: ${what}. To change it: ${change}`);
  });
}
