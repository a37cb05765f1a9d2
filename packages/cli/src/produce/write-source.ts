import { formatPosition } from '@tweet-pipes/kit/position';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { kinesisSink, type PutsRecords } from '@tweet-pipes/producer/kinesis-sink';
import type { Landed } from '@tweet-pipes/producer/put-batch';
import type { Source, StreamRecord } from '@tweet-pipes/producer/record';
import type { Sink } from '@tweet-pipes/producer/sink';
import type { WriteSummary } from '@tweet-pipes/producer/write-error';
import { writeTo } from '@tweet-pipes/producer/writer';
import { dataSize, printable, type Terminal } from '../terminal/terminal.ts';
import { LiveView } from './live-view.ts';
import { oversizedLine } from './oversized.ts';
import { PipeLag, type TweetTable } from './pipe-lag.ts';
import { reportProblems } from './report-problems.ts';

/** How a source is written. */
interface Writing {
  terminal: Terminal;
  /** How long a call may wait for more records; milliseconds, default 0. */
  linger?: number;
  /** How long the stream or table may not answer; seconds, default without limit. */
  giveUpAfter?: number;
  json?: true;
  quiet?: true;
}

/** Where and how {@link writeSource} writes. */
export interface SourceWriting extends Writing {
  client: PutsRecords;
  streamName: string;
  /** Without it the lag of the pipe is not shown. */
  tweetTable?: TweetTable;
}

/** Where and how {@link writeSourceTo} writes. */
export interface SinkWriting<L extends object> extends Writing {
  sink: Sink<L>;
  /** Of one call; default as for Kinesis. */
  recordsPerCall?: number;
  callsInFlight?: number;
  /** Shown while records are sent. */
  lag?: PipeLag | undefined;
  onLanded?(record: StreamRecord, landed: Landed<L>): void;
}

/** Maximum number of losses reported individually. */
const mostNamed = 20;

/** Writes a source to a stream, as {@link writeSourceTo} says, and shows the lag of the pipe. */
export async function writeSource(source: Source, { tweetTable, ...writing }: SourceWriting): Promise<void> {
  const lag = tweetTable === undefined ? undefined : new PipeLag(tweetTable, writing.terminal.clock);
  await writeSourceTo(source, {
    ...writing,
    sink: kinesisSink(writing.client, writing.streamName),
    lag,
    onLanded: ({ partitionKey }, { shardId, sequenceNumber }) =>
      lag?.landed(partitionKey, formatPosition(shardId, sequenceNumber)),
  });
}

/**
 * Writes a source to a stream or a table, shows the progress and prints the summary. Sets exit code 2 when a record is
 * lost or oversized, or the source ends early. Throws WriteError when it cannot be written at all.
 */
export async function writeSourceTo<L extends object>(source: Source, writing: SinkWriting<L>): Promise<void> {
  const { sink, terminal, lag, linger = 0, quiet, recordsPerCall, callsInFlight } = writing;
  const { giveUpAfter = Number.POSITIVE_INFINITY } = writing;
  const signal = terminal.interruptible();
  const soFar = { sent: 0, retried: 0, throttled: 0 };
  const view = new LiveView(terminal, {
    total: source.total,
    lag,
    isQuiet: quiet === true,
    note: () => source.tally?.().note ?? '',
    soFar,
  });
  let named = 0;
  const name = (what: string) => {
    named += 1;
    if (named <= mostNamed) terminal.err(what);
    if (named === mostNamed) terminal.err('Further ones are counted, not reported.');
  };
  const reading = new AbortController();
  let summary: WriteSummary;
  try {
    summary = await writeTo(source.records(AbortSignal.any([signal, reading.signal])), {
      sink,
      ...(recordsPerCall === undefined ? {} : { recordsPerCall }),
      ...(callsInFlight === undefined ? {} : { callsInFlight }),
      clock: terminal.clock,
      random: terminal.random,
      lingerMs: linger,
      giveUpAfterMs: giveUpAfter * 1000,
      signal,
      ...outageLines(sink, giveUpAfter, terminal),
      onLanded(record, landed) {
        soFar.sent += 1;
        writing.onLanded?.(record, landed);
      },
      onRetried(_record, isThrottled) {
        soFar.retried += 1;
        if (isThrottled) soFar.throttled += 1;
      },
      onLost: ({ partitionKey }, reason) => name(`Lost: ${reason} (partition key ${printable(partitionKey)})`),
      onOversized: (record, bytes) => name(oversizedLine(record, bytes)),
    });
  } finally {
    // A source that is still waiting for input would keep the process alive.
    reading.abort();
    await view.stop();
  }
  report(summary, source, writing);
}

/** The lines about a sink that does not answer, for {@link writeTo}. */
function outageLines({ kind, name }: Sink<object>, giveUpAfter: number, { err }: Pick<Terminal, 'err'>) {
  const until = giveUpAfter === Number.POSITIVE_INFINITY ? 'until it does' : `for ${giveUpAfter} s`;
  return {
    onOutage: (reason: string) =>
      err(`The ${kind} ${name} does not answer (${reason}). What was read is kept and tried again ${until}.`),
    onOutageEnd: (lastedMs: number) =>
      err(`The ${kind} ${name} answers again after ${(lastedMs / 1000).toFixed(1)} s.`),
  };
}

function report<L extends object>(
  summary: WriteSummary,
  source: Source,
  { sink, terminal, json, quiet }: SinkWriting<L>,
): void {
  const { sourceError, isAborted, givenUp, ...counts } = summary;
  const isCutShort = isAborted && !source.isEndless && (source.total === undefined || counts.sent < source.total);
  const tally = source.tally?.();
  if (json) terminal.out(JSON.stringify({ ...counts, ...tally?.counts, interrupted: isCutShort }));
  else if (!quiet) {
    const trouble = (['retried', 'throttled', 'lost', 'oversized'] as const)
      .filter((kind) => counts[kind] > 0)
      .map((kind) => `${thousands(counts[kind])} ${kind}`);
    terminal.out(
      `Sent ${plural(counts.sent, 'record')} (${dataSize(counts.bytes)}) in ${counts.seconds.toFixed(1)} s${trouble.length > 0 ? `; ${trouble.join(', ')}` : ''}.`,
    );
    if (isCutShort) terminal.out(`${givenUp === undefined ? 'Interrupted' : 'Given up'}: the rest was not read.`);
    for (const line of tally?.lines ?? []) terminal.out(line);
  }
  if (givenUp !== undefined) {
    terminal.err(
      `${givenUp}. ${plural(counts.lost, 'record')} that were read are not known to be in the ${sink.kind}.`,
    );
  }
  const isReadWhole = reportProblems(source, terminal);
  if (sourceError !== undefined) {
    terminal.err(`Reading broke off: ${sourceError instanceof Error ? sourceError.message : sourceError}`);
  }
  if (!isReadWhole || sourceError !== undefined || counts.lost > 0 || counts.oversized > 0 || isCutShort)
    terminal.exitCode = 2;
}
