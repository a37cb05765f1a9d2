import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { untilAborted } from '@tweet-pipes/kit/until-aborted';
import { CallsInFlight } from './calls-in-flight.ts';
import { Outage, OutageGivenUp } from './outage.ts';
import { type BatchWriting, type Landed, putBatch } from './put-batch.ts';
import { largestRecordBytes, type StreamRecord, sizeOf } from './record.ts';
import type { Sink } from './sink.ts';
import { WaitingRecords } from './waiting-records.ts';
import { Wake } from './wake.ts';
import { WriteError, type WriteSummary } from './write-error.ts';

/** How to write. */
export interface WriterOptions<L extends object, R extends StreamRecord> {
  sink: Sink<L, R>;
  clock: Clock;
  random: Random;
  /** 1-500, default 500. */
  recordsPerCall?: number;
  /** Data and partition keys, from {@link largestRecordBytes} to 10 MiB; default 5 MiB. */
  bytesPerCall?: number;
  /**
   * Maximum number of concurrent calls, default 4; fewer while the stream throttles. It bounds memory: records for one
   * more call are held.
   */
  callsInFlight?: number;
  /**
   * How long a record may wait, in milliseconds, for others to fill its call; default 0. A full call never waits, nor
   * does the last one. Records that are read while calls are in flight share a call anyway, so this helps only with a
   * slow source.
   */
  lingerMs?: number;
  /**
   * How often a record may fail before it is lost; default 10, about 15 seconds of waiting. Throttling does not count,
   * nor does a stream that does not answer: both cause backpressure on the source.
   */
  attempts?: number;
  /**
   * How long the stream may not answer, in milliseconds, before the writer ends and the records that were read are
   * lost; default Infinity.
   */
  giveUpAfterMs?: number;
  /** On abort no more records are read; those already read are still written, unless the stream does not answer. */
  signal?: AbortSignal;
  /** Called once for each record that is in the stream. */
  onLanded?(record: R, landed: Landed<L>): void;
  /** Called each time before a record is sent again. */
  onRetried?(record: R, isThrottled: boolean): void;
  /** Called once for each record that was given up, with its last error. */
  onLost?(record: R, reason: string): void;
  /** Called once for each record that is too large for any call. It is not sent. */
  onOversized?(record: R, bytes: number): void;
  /** Called when the stream has not answered for a second, with the reason. */
  onOutage?(reason: string): void;
  /** Called when the stream answers again after that, with the length of the outage in milliseconds. */
  onOutageEnd?(lastedMs: number): void;
}

/**
 * Writes records to a sink. Records of one partition key keep their order, since only one of them is in flight at a
 * time: PutRecords does not guarantee an order within a call, and retries would break it. A source with few keys is
 * therefore slow. A sink that is slower than the source causes backpressure: records for a few calls are held, no
 * more. Throws {@link WriteError} after the calls in flight have ended.
 */
export async function writeTo<L extends object, R extends StreamRecord>(
  source: AsyncIterable<R> | Iterable<R>,
  options: WriterOptions<L, R>,
): Promise<WriteSummary> {
  const { clock, callsInFlight = 4, lingerMs = 0 } = options;
  const startMs = clock.now();
  const summary: WriteSummary = {
    sent: 0,
    bytes: 0,
    retried: 0,
    throttled: 0,
    lost: 0,
    oversized: 0,
    seconds: 0,
    isAborted: false,
  };
  const waiting = new WaitingRecords<R>({
    records: options.recordsPerCall ?? 500,
    bytes: options.bytesPerCall ?? 5 * 1024 ** 2,
  });
  const wake = new Wake();
  const inFlight = new CallsInFlight(callsInFlight);
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const done = (record: R): void => {
    waiting.release(record);
    wake.up();
  };
  const writing = { ...accounted(options, summary, inFlight, done), signal };

  const read = async (): Promise<void> => {
    for await (const record of untilAborted(source, signal)) {
      const bytes = sizeOf(record);
      if (bytes > largestRecordBytes) {
        summary.oversized += 1;
        record.onSettled?.('oversized');
        options.onOversized?.(record, bytes);
        continue;
      }
      waiting.add(record, bytes, clock.now());
      wake.up();
      while (waiting.holds(callsInFlight + 1) && !failed.signal.aborted) await wake.sleep();
    }
    summary.isAborted = signal.aborted;
  };
  let isReading = true;
  const reader = read()
    .catch((error: unknown) => {
      summary.sourceError = error;
    })
    .finally(() => {
      isReading = false;
      wake.up();
    });

  const calls = new Set<Promise<void>>();
  const send = (batch: R[]): void => {
    const call = putBatch(batch, writing)
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        calls.delete(call);
        wake.up();
      });
    calls.add(call);
  };
  for (;;) {
    // Lets every record that is available now join the batch.
    await new Promise((resolve) => setImmediate(resolve));
    if (failed.signal.aborted) break;
    const lingersMs = lingerOf(waiting, isReading ? lingerMs : 0, clock.now());
    const batch = calls.size < inFlight.limit && lingersMs <= 0 ? waiting.take() : [];
    if (batch.length > 0) send(batch);
    else if (lingersMs > 0) await elapsedOr(wake.sleep(), lingersMs, clock);
    else if (!isReading && waiting.isEmpty && calls.size === 0) break;
    else await wake.sleep();
  }
  await Promise.all(calls);
  await reader;
  summary.seconds = (clock.now() - startMs) / 1000;
  if (!failed.signal.aborted) return summary;
  const reason: unknown = failed.signal.reason;
  if (!(reason instanceof OutageGivenUp))
    throw new WriteError(`${options.sink.kind} ${options.sink.name}`, summary, reason);
  summary.givenUp = reason.message;
  for (const record of waiting.unreleased()) writing.lost(record, reason.message);
  return summary;
}

/** How much longer the oldest record may wait for others; milliseconds, 0 or less if its call may start. */
function lingerOf(
  waiting: Pick<WaitingRecords<StreamRecord>, 'oldestMs' | 'fillsCall'>,
  lingerMs: number,
  nowMs: number,
): number {
  const { oldestMs } = waiting;
  return oldestMs === undefined || waiting.fillsCall ? 0 : oldestMs + lingerMs - nowMs;
}

async function elapsedOr(event: Promise<void>, ms: number, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([event, clock.sleep(ms, over.signal)]);
  over.abort();
}

/** Counts in `summary` and calls the callbacks; `done` is called for each record that is sent or lost. */
function accounted<L extends object, R extends StreamRecord>(
  options: WriterOptions<L, R>,
  summary: WriteSummary,
  inFlight: CallsInFlight,
  done: (record: R) => void,
): Omit<BatchWriting<L, R>, 'signal'> {
  const { sink, clock, random, attempts = 10, giveUpAfterMs = Number.POSITIVE_INFINITY } = options;
  const { signal, onOutage, onOutageEnd } = options;
  return {
    outage: new Outage({ what: `The ${sink.kind}`, clock, giveUpAfterMs, signal, onOutage, onOutageEnd }),
    sink,
    clock,
    random,
    attempts,
    landed(record, landed) {
      summary.sent += 1;
      summary.bytes += record.data.byteLength;
      record.onSettled?.('sent');
      options.onLanded?.(record, landed);
      done(record);
    },
    lost(record, reason) {
      summary.lost += 1;
      record.onSettled?.('lost');
      options.onLost?.(record, reason);
      done(record);
    },
    retried(record, isThrottled) {
      options.onRetried?.(record, isThrottled);
      summary.retried += 1;
      if (isThrottled) summary.throttled += 1;
    },
    calling: () => inFlight.round,
    answered: (round, isThrottled) => inFlight.answered(round, isThrottled),
  };
}
