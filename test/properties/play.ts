import { type IngestWorld, tables } from '../statemachines/ingest-world.ts';
import type { History, Op } from './history.ts';
import type { Outcome } from './model.ts';
import { SteppedExecution } from './stepped-execution.ts';
import { asDelivered, eventId, type Shard, type StreamRecord } from './stream.ts';

/** The records of one shard and what its pipe knows of them. */
interface ShardState {
  /** Positions in the stream, in order. */
  readonly positions: number[];
  /** Which of them are done, by index in `positions`. */
  readonly done: Set<number>;
  live: { execution: SteppedExecution; indexes: number[] } | undefined;
}

/**
 * What came out, which records were in executions that the pipe lost sight of, and which an INSERT may have stored
 * without an answer.
 */
export interface Played {
  outcome: Outcome;
  haunted: Set<string>;
  unheard: Set<string>;
}

/** Delivers the stream as the history says, then whatever is left of it, on emptied stores. */
export async function play(world: IngestWorld, stream: StreamRecord[], history: History): Promise<Played> {
  await world.clear();
  const zombies: SteppedExecution[] = [];
  const haunted = new Set<string>();
  const unheard = new Set<string>();
  const shardOf = (shard: Shard): ShardState => ({
    positions: stream.flatMap((record, position) => (record.shard === shard ? [position] : [])),
    done: new Set(),
    live: undefined,
  });
  const shards = [shardOf(0), shardOf(1), shardOf(2)] as const;
  /** The shard that the history speaks of: a child takes the place of its parent when that is done, and not before. */
  const current = (shard: 0 | 1): ShardState => {
    const [parent, , child] = shards;
    const isOver = child.positions.length > 0 && parent.done.size === parent.positions.length && !parent.live;
    return shard === 0 && isOver ? child : shards[shard];
  };
  const eventAt = (position: number) => {
    const record = stream[position];
    return record === undefined ? [] : [eventId(record, position)];
  };

  const deliver = (shard: ShardState, from: number, size: number) => {
    const indexes = [...shard.positions.keys()].slice(Math.max(0, from), Math.max(0, from) + size);
    if (indexes.length === 0) return;
    const batch = indexes.flatMap((index) => {
      const position = shard.positions[index] ?? -1;
      const record = stream[position];
      return record === undefined ? [] : [asDelivered(record, position)];
    });
    shard.live = { execution: new SteppedExecution(world, batch, unheard), indexes };
  };
  const finish = async (shard: ShardState) => {
    const { live } = shard;
    shard.live = undefined;
    if (live && (await live.execution.finish())) for (const index of live.indexes) shard.done.add(index);
  };

  const apply = async (op: Op): Promise<void> => {
    if (op.op === 'wake') {
      const zombie = zombies[op.zombie % Math.max(1, zombies.length)];
      for (let call = 0; call < op.calls; call++) await zombie?.step();
      return;
    }
    if (op.op === 'deliver') await finish(current(op.shard));
    const shard = current(op.shard);
    switch (op.op) {
      case 'deliver':
        deliver(shard, checkpoint(shard) - op.back + (op.skip ?? 0), op.size);
        return;
      case 'step':
        for (const fate of op.fates) await shard.live?.execution.step(fate);
        return;
      case 'crash':
        await shard.live?.execution.crash();
        shard.live = undefined;
        return;
      case 'lose':
        if (!shard.live) return;
        zombies.push(shard.live.execution);
        for (const index of shard.live.indexes)
          for (const event of eventAt(shard.positions[index] ?? -1)) haunted.add(event);
        shard.live = undefined;
    }
  };

  for (const op of history.ops) await apply(op);
  if (!history.zombiesRunOn) for (const zombie of zombies) await zombie.crash();
  for (const shard of shards) {
    await finish(shard);
    while (shard.done.size < shard.positions.length) {
      const from = checkpoint(shard);
      let to = from;
      while (to < shard.positions.length && !shard.done.has(to)) to += 1;
      deliver(shard, from, to - from);
      await finish(shard);
      if (!shard.done.has(from)) throw new Error('An undisturbed delivery failed.');
    }
  }
  for (const zombie of zombies) await zombie.finish();
  return { outcome: await outcome(world), haunted, unheard };
}

/** The index of the shard's first record that is not done. */
function checkpoint(shard: ShardState): number {
  let index = 0;
  while (shard.done.has(index)) index += 1;
  return index;
}

async function outcome(world: IngestWorld): Promise<Outcome> {
  const { counts, quarantine } = await world.stores();
  const records = async (table: string) =>
    Object.fromEntries((await world.items(table)).map(({ id, record }) => [String(id), String(record)]));
  const outOfOrder = /^quarantine\/out-of-order\/(.*)\/(.*)\.json$/;
  return {
    counts,
    tweets: await records(tables.tweets),
    deletions: await records(tables.deletions),
    archive: (await world.removals()).map(({ table, key, record }) => `${table} ${key} ${record}`).sort(),
    quarantine: Object.fromEntries(Object.entries(quarantine).filter(([key]) => !outOfOrder.test(key))),
    outOfOrder: Object.keys(quarantine)
      .filter((key) => outOfOrder.test(key))
      .map((key) => key.replace(outOfOrder, '$1:$2'))
      .sort(),
  };
}
