import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import type { Pending } from '../lifecycle.ts';
import type { Meter } from '../meter/meter.ts';
import { outageBackoff } from '../pipes/backoff.ts';
import { Checkpoint, type ShardPosition } from '../pipes/checkpoint.ts';
import { DeliveryFailure } from '../pipes/errors.ts';
import { meterRead } from '../pipes/meter-read.ts';
import { describeBeyond, recordsBeyond } from '../pipes/pending-records.ts';
import { PipeProblems } from '../pipes/problems.ts';
import type { CountRead } from '../pipes/read-metrics.ts';
import { ShardGroup } from '../pipes/shard-group.ts';
import { type ShardSink, ShardWorker } from '../pipes/shard-worker.ts';
import type { SourceWrites } from '../pipes/source-writes.ts';
import type { StreamRecord } from '../pipes/sources/record.ts';
import type { StreamSource } from '../pipes/sources/source.ts';
import type { Problems } from '../problems.ts';
import type { DeliveryMetrics } from './delivery-metrics.ts';
import type { JournalRecord } from './journal-frame.ts';
import { SourcePositions } from './source-positions.ts';

/** Records that go into a journal with one fsync. */
const APPENDED_RECORDS = 10_000;

/** What reads a delivery stream's source. */
export interface SourceReaderOptions {
  /** `delivery stream Lake`, for problems and the idle list. */
  what: string;
  source: StreamSource;
  checkpointFile: string;
  /** The positions of the journals that an earlier process left, in order. */
  journalled: readonly ReadonlyMap<string, string>[];
  /** Resolves when the records are on disk, or rejects when none is. Waits while too many wait for their delivery. */
  append(records: readonly Required<JournalRecord>[], signal: AbortSignal): Promise<void>;
  clock: Clock;
  random: Random;
  meter: Meter;
  /** Those of the source and those of the delivery stream. */
  metrics: { readonly countRead: CountRead; readonly delivery: DeliveryMetrics };
  /** The writes to Kinesis streams, each of which ends a wait. Undefined where they are not known. */
  writes?: SourceWrites;
  problems?: Problems;
}

/**
 * Reads every shard of a Kinesis stream into journals, parents before children. New readers begin at LATEST
 * (https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html).
 */
export class SourceReader {
  readonly #options: SourceReaderOptions;
  readonly #positions: SourcePositions;
  readonly #group: ShardGroup;
  readonly #trouble: PipeProblems;
  #ended: string | undefined;

  private constructor(options: SourceReaderOptions, checkpoint: Checkpoint) {
    this.#options = options;
    this.#positions = new SourcePositions(checkpoint, options.journalled);
    this.#trouble = new PipeProblems(() => {}, options.clock);
    this.#group = new ShardGroup({
      source: options.source,
      checkpoint: this.#positions,
      startingPosition: { at: 'LATEST' },
      clock: options.clock,
      worker: (shardId, isClosed) => this.#worker(shardId, isClosed),
      onProblem: (problem) => this.#report('shards', problem),
      onFatal: (error) => this.#end(error),
    });
  }

  /** Opens the checkpoint. Throws CheckpointCorrupted. */
  static async open(options: SourceReaderOptions): Promise<SourceReader> {
    return new SourceReader(options, await Checkpoint.open(options.checkpointFile, options.source.arn));
  }

  /** Starts to read. Throws the errors of a source that cannot be read. */
  async start(): Promise<void> {
    await this.#group.start();
  }

  /** What survives a crash: the positions up to which records are in S3. */
  get positions(): ReadonlyMap<string, ShardPosition> {
    return this.#positions.durable;
  }

  get sourceArn(): string {
    return this.#options.source.arn;
  }

  /** Moves the checkpoint over records that are in S3. Throws the system's errors. Retryable. */
  async delivered(positions: ReadonlyMap<string, string>): Promise<void> {
    await this.#positions.delivered(positions);
  }

  /** The records that are not in a journal yet, by reading the source. */
  async pending(): Promise<Pending[]> {
    const { source, what } = this.#options;
    if (this.#ended !== undefined) return [{ what, detail: `does not read its source: ${this.#ended}` }];
    try {
      const pending: Pending[] = [];
      for (const { shardId } of await source.listShards()) {
        const beyond = await recordsBeyond(source, shardId, this.#positions.get(shardId));
        if (beyond.records === 0) continue;
        pending.push({ what, detail: `${describeBeyond(beyond)} behind on ${shardId}` });
      }
      return pending;
    } catch (error) {
      return [{ what, detail: `cannot read its source: ${sentence(error)}` }];
    }
  }

  /** Stops reading. A running append may end. */
  async stop(): Promise<void> {
    await this.#group.stop(0);
    this.#options.problems?.end(this.#problem);
  }

  get #problem(): string {
    return `source of ${this.#options.what}`;
  }

  #worker(shardId: string, isClosed: () => boolean): ShardWorker {
    const { source, clock, random, meter, metrics, writes } = this.#options;
    const backoff = outageBackoff(random);
    return new ShardWorker({
      source: {
        stream: source,
        shardId,
        checkpoint: this.#positions,
        filter: () => true,
        isClosed,
        onRead: (records) => {
          meterRead('kinesis', records, meter);
          metrics.countRead(records);
          metrics.delivery.read(records.at(-1)?.arrivalMs);
        },
        onReadFailure: (error) => {
          if (isNamed(error, 'ProvisionedThroughputExceededException')) metrics.delivery.readThrottled();
        },
        report: (step, problem) => {
          // What hinders an append is told by the sink, in words of its own.
          if (step !== 'deliver') this.#report(`${step} of ${shardId}`, problem);
        },
        ...(writes && { writes }),
      },
      policy: {
        limits: { batchSize: APPENDED_RECORDS, windowSeconds: 0 },
        retry: { maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisect: false },
        retryBackoff: backoff,
        readBackoff: backoff,
      },
      sink: this.#sink(shardId),
      clock,
    });
  }

  #sink(shardId: string): ShardSink {
    const origin = `journal of ${shardId}`;
    return {
      attempt: async (records, signal) => {
        try {
          await this.#options.append(
            records.map((record) => journalRecord(record, shardId)),
            signal,
          );
          this.#report(origin, undefined);
          return { result: 'succeeded' };
        } catch (error) {
          const message = `Its journal cannot be written: ${sentence(error)}`;
          if (!signal.aborted) this.#report(origin, message);
          const failure = new DeliveryFailure('internal', 'JournalUnavailable', message, {
            service: 'firehose',
            cause: error,
          });
          return { result: 'failed', failure };
        }
      },
      onProblem: () => {},
      sendDeadLetter: async () => {
        throw new Error('A delivery stream has no dead-letter queue.');
      },
    };
  }

  #report(origin: string, problem: string | undefined): void {
    this.#trouble.report(origin, problem);
    const { first, lasting } = this.#trouble;
    if (this.#ended !== undefined) return;
    if (first === undefined) this.#options.problems?.end(this.#problem);
    else if (lasting !== undefined) {
      const remedy = 'It tries again until it can. Nothing is lost within the retention of the source.';
      this.#options.problems?.report({ what: this.#problem, why: lasting.text, do: remedy });
    }
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = sentence(error);
    const remedy = 'Remove the cause, then restart the runtime.';
    this.#options.problems?.report({ what: this.#problem, why: `is not read: ${this.#ended}`, do: remedy });
    void this.#group.stop(0);
  }
}

function journalRecord(record: StreamRecord, shardId: string): Required<JournalRecord> {
  const { sequenceNumber, arrivalMs, event } = record;
  const origin = { shardId, sequenceNumber, partitionKey: String(event.partitionKey) };
  return { data: Buffer.from(String(event.data), 'base64'), arrivalMs, origin };
}
