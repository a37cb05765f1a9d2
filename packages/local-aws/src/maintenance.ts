import type { Clock } from '@tweet-pipes/kit/clock';
import type { DynamoDbEngine } from './engines/dynamodb-engine.ts';
import type { KinesisEngine } from './engines/kinesis-engine.ts';

/** Seconds between two rounds: an expired item is gone, and a stream short again, within that. */
const ROUND_SECONDS = 3;
/** Rounds between two searches for records past their stream's retention. */
const EXPIRY_ROUNDS = 20;

export interface MaintenanceOptions {
  clock: Clock;
  dynamodb: Pick<DynamoDbEngine, 'sweepTtl' | 'trimStreams'>;
  kinesis: Pick<KinesisEngine, 'expire' | 'trim'>;
  /**
   * MB (10^6 bytes) that each Kinesis stream may have on disk before records that every pipe is done with go, ahead of
   * their retention.
   */
  streamMegabytes: number;
  /** Per source ARN and shard, how far all pipes are; null where one has not begun. */
  pipes: {
    checkpoints(): ReadonlyMap<string, ReadonlyMap<string, string | null>>;
    /** Per source ARN, the ranges that dead letters point to. */
    deadLetterRanges(): ReadonlyMap<string, readonly { from: string; to: string }[]>;
  };
  /** Told when a duty fails, once per failure and its return. */
  log(line: string): void;
}

/**
 * What AWS does by itself and the engines do not: removes expired items, drops stream records that are past their use
 * or their retention. A round that fails is tried again at the next. `stop` resolves when the round under way is over.
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
      if (failing.get(name) !== message) log(`${name} failed and is tried again: ${message}`);
      failing.set(name, message);
    }
  };
  const run = async (): Promise<void> => {
    for (let round = 1; ; round++) {
      await clock.sleep(ROUND_SECONDS * 1000, ending.signal);
      if (ending.signal.aborted) return;
      await duty('removing expired items', () => dynamodb.sweepTtl());
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
 * Deletes what every pipe is done with, except what dead letters still point to. A table whose stream no pipe reads is
 * left alone, since somebody else may; so is one that some pipe has not begun.
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
 * Bounds the disk of Kinesis streams, which on AWS keep everything until its retention (docs/adr/0017). What no pipe
 * has passed and what dead letters point to stays; so does a shard that was read to its end, of which the pipes hold no
 * position.
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
