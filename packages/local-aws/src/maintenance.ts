import type { Clock } from '@tweet-pipes/kit/clock';
import type { DynamoDbEngine } from './engines/dynamodb-engine.ts';
import type { KinesisEngine } from './engines/kinesis-engine.ts';
import { saysDiskFull } from './problems.ts';

/** Seconds between two rounds. */
const ROUND_SECONDS = 3;
/** Rounds between two searches for records past their stream's retention. */
const EXPIRY_ROUNDS = 20;

export interface MaintenanceOptions {
  clock: Clock;
  dynamodb: Pick<DynamoDbEngine, 'sweepTtl' | 'trimStreams'>;
  kinesis: Pick<KinesisEngine, 'expire' | 'trim'>;
  /**
   * MB (10^6 bytes) on disk above which a Kinesis stream is trimmed before its retention ends. Only records that every
   * pipe is done with are trimmed.
   */
  streamMegabytes: number;
  /** Per source ARN and shard, the position up to which all pipes are done. Null where one has not started. */
  pipes: {
    checkpoints(): ReadonlyMap<string, ReadonlyMap<string, string | null>>;
    /** Per source ARN, the ranges that dead letters point to. */
    deadLetterRanges(): ReadonlyMap<string, readonly { from: string; to: string }[]>;
  };
  /** Called when expired items were removed, which no call of a client tells. */
  onSweep?(): void;
  /** Called when a duty starts to fail and when it works again. */
  log(line: string): void;
}

/**
 * Does what AWS does and the engines do not: removes expired items, trims stream records that are no longer needed or
 * past their retention. A failed duty is retried in the next round. `stop` resolves when the running round has ended.
 */
export function startMaintenance(options: MaintenanceOptions): { stop(): Promise<void> } {
  const { clock, dynamodb, kinesis, log } = options;
  const ending = new AbortController();
  const failing = new Map<string, string>();

  const duty = async (name: string, work: () => unknown): Promise<void> => {
    try {
      await work();
      if (failing.delete(name)) log(`${name} works again`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (saysDiskFull(message)) return; // The disk has a line of its own.
      if (failing.get(name) !== message) log(`${name} failed and is tried again: ${message}`);
      failing.set(name, message);
    }
  };
  const run = async (): Promise<void> => {
    for (let round = 1; ; round++) {
      await clock.sleep(ROUND_SECONDS * 1000, ending.signal);
      if (ending.signal.aborted) return;
      await duty('removing expired items', async () => {
        if (await dynamodb.sweepTtl()) options.onSweep?.();
      });
      await duty('trimming table streams', () => trimTableStreams(options));
      await duty('trimming Kinesis streams', () => trimKinesisStreams(options));
      if (round % EXPIRY_ROUNDS === 0) await duty('expiring stream records', () => kinesis.expire());
    }
  };
  const running = run();
  return {
    stop() {
      ending.abort();
      return running;
    },
  };
}

/**
 * Deletes the records that every pipe is done with, except those that dead letters point to. Skips a table whose stream
 * no pipe reads, since another program may read it, and one that a pipe has not started.
 */
function trimTableStreams({ dynamodb, pipes }: MaintenanceOptions): void {
  for (const [sourceArn, shards] of pipes.checkpoints()) {
    const table = /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\//.exec(sourceArn)?.[1];
    const positions = [...shards.values()].filter((position) => position !== null);
    if (table === undefined || positions.length === 0 || positions.length < shards.size) continue;
    const lowest = positions.reduce((a, b) => (BigInt(a) < BigInt(b) ? a : b));
    dynamodb.trimStreams({ table, belowSequence: lowest, keep: pipes.deadLetterRanges().get(sourceArn) ?? [] });
  }
}

/**
 * Bounds the disk space of Kinesis streams, which on AWS keep every record for the retention period (docs/adr/0017).
 * Keeps records that a pipe has not passed, records that dead letters point to, and shards that are read to their end,
 * for which the pipes hold no position.
 */
async function trimKinesisStreams({ kinesis, pipes, streamMegabytes }: MaintenanceOptions): Promise<void> {
  for (const [sourceArn, upTo] of pipes.checkpoints()) {
    const streamName = /^arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/([^/]+)$/.exec(sourceArn)?.[1];
    if (streamName === undefined) continue;
    await kinesis.trim({
      streamName,
      megabytes: streamMegabytes,
      upTo,
      keep: pipes.deadLetterRanges().get(sourceArn) ?? [],
    });
  }
}
