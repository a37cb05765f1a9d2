import { formatPosition } from '@tweet-pipes/kit/position';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { PutsRecords } from '@tweet-pipes/producer/put-batch';
import type { Source } from '@tweet-pipes/producer/record';
import type { WriteSummary } from '@tweet-pipes/producer/write-error';
import { dataSize, printable, type Terminal } from '../terminal/terminal.ts';
import { LiveView } from './live-view.ts';
import { oversizedLine } from './oversized.ts';
import { PipeLag, type TweetTable } from './pipe-lag.ts';
import { reportProblems } from './report-problems.ts';

/** Where and how {@link writeSource} writes. */
export interface SourceWriting {
  client: PutsRecords;
  streamName: string;
  terminal: Terminal;
  /** Without it the lag of the pipe is not shown. */
  tweetTable?: TweetTable;
  /** How long a call may wait for more records; milliseconds, default 0. */
  linger?: number;
  /** How long the stream may not answer; seconds, default without limit. */
  giveUpAfter?: number;
  json?: true;
  quiet?: true;
}

/** Maximum number of losses reported individually. */
const mostNamed = 20;

/**
 * Writes a source to the stream, shows the progress and prints the summary. Sets exit code 2 when a record is lost or
 * oversized, or the source ends early. Throws WriteError when the stream cannot be written at all.
 */
export async function writeSource(source: Source, writing: SourceWriting): Promise<void> {
  const { client, streamName, terminal, tweetTable, linger = 0, quiet } = writing;
  const { giveUpAfter = Number.POSITIVE_INFINITY } = writing;
  const signal = terminal.interruptible();
  const soFar = { sent: 0, retried: 0, throttled: 0 };
  const lag = tweetTable === undefined ? undefined : new PipeLag(tweetTable, terminal.clock);
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
    summary = await writeRecords(source.records(AbortSignal.any([signal, reading.signal])), {
      client,
      streamName,
      clock: terminal.clock,
      random: terminal.random,
      lingerMs: linger,
      giveUpAfterMs: giveUpAfter * 1000,
      signal,
      ...outageLines(streamName, giveUpAfter, terminal),
      onLanded(record, { shardId, sequenceNumber }) {
        soFar.sent += 1;
        lag?.landed(record.partitionKey, formatPosition(shardId, sequenceNumber));
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

/** The lines about a stream that does not answer, for {@link writeRecords}. */
function outageLines(streamName: string, giveUpAfter: number, { err }: Pick<Terminal, 'err'>) {
  const until = giveUpAfter === Number.POSITIVE_INFINITY ? 'until it does' : `for ${giveUpAfter} s`;
  return {
    onOutage: (reason: string) =>
      err(`The stream ${streamName} does not answer (${reason}). What was read is kept and tried again ${until}.`),
    onOutageEnd: (lastedMs: number) =>
      err(`The stream ${streamName} answers again after ${(lastedMs / 1000).toFixed(1)} s.`),
  };
}

function report(summary: WriteSummary, source: Source, { terminal, json, quiet }: SourceWriting): void {
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
    terminal.err(`${givenUp}. ${plural(counts.lost, 'record')} that were read are not known to be in the stream.`);
  }
  const isReadWhole = reportProblems(source, terminal);
  if (sourceError !== undefined) {
    terminal.err(`Reading broke off: ${sourceError instanceof Error ? sourceError.message : sourceError}`);
  }
  if (!isReadWhole || sourceError !== undefined || counts.lost > 0 || counts.oversized > 0 || isCutShort)
    terminal.exitCode = 2;
}
