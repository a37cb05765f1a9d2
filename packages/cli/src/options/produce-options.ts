import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { decimal, integer } from '@tweet-pipes/kit/command-line/numbers';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** The values of the options that every `produce` command has. */
export interface ProduceFlags {
  /** Records a second. */
  rate?: number;
  limit?: number;
  /** Seconds. */
  duration?: number;
  /** Only for sources that have an end. */
  loop?: true;
  /** Milliseconds. */
  linger: number;
  /** Seconds; Infinity: never. */
  giveUpAfter: number;
  stream?: string;
  raw?: true;
  dryRun?: true;
  json?: true;
  quiet?: true;
}

/** The values of the options of sources that read files. */
export interface ReadingFlags extends ProduceFlags {
  encoding?: string;
  unreadable: 'send' | 'skip' | 'stop';
}

/** Adds the options of sources that read files. */
export function addReadingOptions(command: Command): Command {
  return command
    .option('--encoding <name>', 'of texts that are neither UTF-8 nor UTF-16, such as windows-1252 or shift_jis')
    .addOption(
      new Option('--unreadable <what>', 'what to do with what cannot be used: send it for quarantine, skip it, or stop')
        .choices(['send', 'skip', 'stop'])
        .default('send'),
    );
}

/**
 * Adds the options of every `produce` command, `--loop` for a source that has an end, and `--raw` unless the source
 * makes compact records itself.
 */
export function addProduceOptions(
  command: Command,
  { loop = false, raw = true }: { loop?: boolean; raw?: boolean } = {},
): Command {
  if (loop) {
    command.option(
      '--loop',
      'start again at the end, until Ctrl-C or a limit; repeats have the same ids, so they count nothing',
    );
  }
  if (raw) command.option('--raw', 'send records as they came, not reduced to what the pipeline uses');
  return addWriteOptions(command, 'stream', "the stream (default: AWS_STREAM_NAME, else the stack's)");
}

/** Adds the options of a command that writes records to a stream or a table, which `--stream` or `--table` names. */
export function addWriteOptions(command: Command, into: 'stream' | 'table', meaning: string): Command {
  return command
    .option('--rate <number>', 'at most this many records a second, 0.01-1000000', decimal(0.01, 1_000_000))
    .option('--limit <number>', 'stop after this many records', integer(1, Number.MAX_SAFE_INTEGER))
    .option('--duration <seconds>', 'stop after this many seconds', decimal(0.1, 31_536_000))
    .option('--linger <ms>', 'how long a call may wait to become full, 0-60000', integer(0, 60_000), 50)
    .addOption(
      new Option('--give-up-after <seconds>', `end when the ${into} has not answered for so long: 0-31536000 or never`)
        .argParser(parseSecondsOrNever)
        .default(Number.POSITIVE_INFINITY, 'never'),
    )
    .option(`--${into} <name>`, meaning)
    .option('--dry-run', 'print the records instead of sending them')
    .option('--json', 'the summary on one line of JSON; with --dry-run each record')
    .option('--quiet', 'no progress and no summary, only what went wrong');
}

function parseSecondsOrNever(text: string): number {
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds > 31_536_000) {
    throw new InvalidArgumentError('It must be a number of seconds from 0 to 31536000, or never.');
  }
  return seconds;
}

/** Throws CliError when standard input would have to be read twice. */
export function refuseLoopOfStdin(paths: readonly string[], { loop }: ProduceFlags): void {
  if (loop && paths.includes('-'))
    throw new CliError('Standard input (-) cannot be read again, so --loop needs files.');
}
