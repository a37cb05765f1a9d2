import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { replaceDurably } from '../durable-file.ts';
import { SharedWrite } from '../shared-write.ts';

/** A pipe's position in a shard. */
export type ShardPosition =
  /** Nothing is done. Reading starts at the oldest record. */
  | { readonly at: 'oldest' }
  /** Nothing is done. Records that arrived earlier are skipped. */
  | { readonly at: 'time'; readonly fromMs: number }
  /** Done up to and including this record. */
  | { readonly at: 'after'; readonly sequenceNumber: string }
  /** The whole shard is done. */
  | { readonly at: 'end' };

const position = z.discriminatedUnion('at', [
  z.strictObject({ at: z.literal('oldest') }),
  z.strictObject({ at: z.literal('time'), fromMs: z.number() }),
  z.strictObject({ at: z.literal('after'), sequenceNumber: z.string().regex(/^\d+$/) }),
  z.strictObject({ at: z.literal('end') }),
]);

const checkpointFile = z.strictObject({
  version: z.literal(1),
  sources: z.record(z.string(), z.strictObject({ shards: z.record(z.string(), position) })),
});

type CheckpointFile = z.infer<typeof checkpointFile>;

/**
 * The file exists but is unusable. It is not treated as "no checkpoint", which would redeliver everything: the user
 * decides.
 */
class CheckpointCorrupted extends Error {
  override readonly name = 'CheckpointCorrupted';
  readonly reason: string;

  constructor(file: string, reason: string) {
    super(
      `CheckpointCorrupted: ${file} ${reason}. Restore it from a copy; or delete it to read the source from the pipe's StartingPosition again, ` +
        'which redelivers records; or start with --fresh.',
    );
    this.reason = reason;
  }
}

/** What a reader of a stream knows of its shards. */
export interface ShardPositions {
  /** No shard was known at the start, so shards begin at the reader's starting position. */
  readonly isNew: boolean;
  /** The current position, durable or not yet. */
  get(shardId: string): ShardPosition | undefined;
  /** The shards and positions that would survive a crash now. */
  readonly durable: ReadonlyMap<string, ShardPosition>;
  /** Resolves when the reader may go on: the changes are on disk, or need not be yet. */
  set(changes: Iterable<readonly [shardId: string, position: ShardPosition | undefined]>): Promise<void>;
}

/**
 * The positions of one pipe in one source, kept in one file. A change is durable when its promise resolves: temporary
 * file, fsync, rename, fsync of the folder. Changes during a write share the next write.
 */
export class Checkpoint implements ShardPositions {
  readonly #file: string;
  readonly #sourceArn: string;
  readonly #otherSources: CheckpointFile['sources'];
  readonly #shards: Map<string, ShardPosition>;
  #durable: ReadonlyMap<string, ShardPosition>;
  readonly #saving = new SharedWrite(() => this.#write());
  /** The file did not list this source, so shards begin at the pipe's StartingPosition. */
  readonly isNew: boolean;

  private constructor(file: string, sourceArn: string, sources: CheckpointFile['sources']) {
    this.#file = file;
    this.#sourceArn = sourceArn;
    const { [sourceArn]: mine, ...others } = sources;
    this.#otherSources = others;
    this.isNew = mine === undefined;
    this.#shards = new Map(Object.entries(mine?.shards ?? {}));
    this.#durable = new Map(this.#shards);
  }

  /** Reads the file if there is one. Throws `CheckpointCorrupted` when it is unusable. */
  static async open(file: string, sourceArn: string): Promise<Checkpoint> {
    return new Checkpoint(file, sourceArn, await readSources(file));
  }

  /** What is wrong with a checkpoint file that exists. Undefined for a usable one. */
  static async problemOf(file: string): Promise<string | undefined> {
    try {
      await readSources(file);
      return undefined;
    } catch (error) {
      if (error instanceof CheckpointCorrupted) return error.reason;
      throw error;
    }
  }

  /** The current position, durable or not yet. */
  get(shardId: string): ShardPosition | undefined {
    return this.#shards.get(shardId);
  }

  /** The shards and positions that would survive a crash now. */
  get durable(): ReadonlyMap<string, ShardPosition> {
    return this.#durable;
  }

  /** Resolves when all changes so far are on disk. */
  set(changes: Iterable<readonly [shardId: string, position: ShardPosition | undefined]>): Promise<void> {
    for (const [shardId, to] of changes) {
      if (to === undefined) this.#shards.delete(shardId);
      else this.#shards.set(shardId, to);
    }
    return this.#saving.save();
  }

  async #write(): Promise<void> {
    const snapshot = new Map(this.#shards);
    const content: CheckpointFile = {
      version: 1,
      sources: { ...this.#otherSources, [this.#sourceArn]: { shards: Object.fromEntries(snapshot) } },
    };
    const temporary = join(dirname(this.#file), '.checkpoint.tmp');
    await replaceDurably(this.#file, `${JSON.stringify(content, null, 1)}\n`, temporary);
    this.#durable = snapshot;
  }
}

async function readSources(file: string): Promise<CheckpointFile['sources']> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {};
    throw new CheckpointCorrupted(file, `cannot be read (${sentence(error)})`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CheckpointCorrupted(file, 'is not JSON');
  }
  const parsed = checkpointFile.safeParse(json);
  if (parsed.success) return parsed.data.sources;
  const issue = parsed.error.issues[0];
  throw new CheckpointCorrupted(file, `does not hold a checkpoint (${issue?.path.join('.')}: ${issue?.message})`);
}
