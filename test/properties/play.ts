import { formatPosition } from '@tweet-pipes/kit/position';
import { type IngestFixture, tables } from '../statemachines/ingest-fixture.ts';
import type { History, Op } from './history.ts';
import type { Outcome } from './model.ts';
import { SteppedExecution } from './stepped-execution.ts';
import { asDelivered, positionOf, type Shard, type StreamRecord } from './stream.ts';

/** The records of one shard and what its pipe knows of them. */
interface ShardState {
  /** Their indexes in the stream, in order. */
  readonly records: number[];
  /** Which of them are processed, by index in `records`. */
  readonly done: Set<number>;
  live: { execution: SteppedExecution; indexes: number[] } | undefined;
}

/**
 * What the stores hold in the end; the positions of the records that were in executions which outlived their
 * redelivery; and the positions of the tweets that an INSERT may have stored without an answer.
 */
export interface Played {
  outcome: Outcome;
  overlapped: Set<string>;
  unanswered: Set<string>;
}

/** Empties the stores, delivers the stream as the history says, then delivers what is left of it. */
export async function play(fixture: IngestFixture, stream: StreamRecord[], history: History): Promise<Played> {
  await fixture.clear();
  const survivors: SteppedExecution[] = [];
  const overlapped = new Set<string>();
  const unanswered = new Set<string>();
  const shardOf = (shard: Shard): ShardState => ({
    records: stream.flatMap((record, index) => (record.shard === shard ? [index] : [])),
    done: new Set(),
    live: undefined,
  });
  const shards = [shardOf(0), shardOf(1), shardOf(2)] as const;
  /** The shard that the history means: a child takes the place of its parent once the parent is processed. */
  const current = (shard: 0 | 1): ShardState => {
    const [parent, , child] = shards;
    const isOver = child.records.length > 0 && parent.done.size === parent.records.length && !parent.live;
    return shard === 0 && isOver ? child : shards[shard];
  };
  const positionAt = (index: number) => {
    const record = stream[index];
    return record === undefined ? [] : [positionOf(record, index)];
  };

  let executions = 0;
  const deliver = (shard: ShardState, from: number, size: number) => {
    const indexes = [...shard.records.keys()].slice(Math.max(0, from), Math.max(0, from) + size);
    if (indexes.length === 0) return;
    const batch = indexes.flatMap((index) => {
      const streamIndex = shard.records[index] ?? -1;
      const record = stream[streamIndex];
      return record === undefined ? [] : [asDelivered(record, streamIndex)];
    });
    const counterItems = history.counterItems?.[executions % history.counterItems.length] ?? 1;
    executions += 1;
    shard.live = { execution: new SteppedExecution(fixture, batch, counterItems, unanswered), indexes };
  };
  const finish = async (shard: ShardState) => {
    const { live } = shard;
    shard.live = undefined;
    if (live && (await live.execution.finish())) for (const index of live.indexes) shard.done.add(index);
  };

  const apply = async (op: Op): Promise<void> => {
    if (op.op === 'wake') {
      const survivor = survivors[op.survivor % Math.max(1, survivors.length)];
      for (let call = 0; call < op.calls; call++) await survivor?.step();
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
        survivors.push(shard.live.execution);
        for (const index of shard.live.indexes)
          for (const position of positionAt(shard.records[index] ?? -1)) overlapped.add(position);
        shard.live = undefined;
    }
  };

  for (const op of history.ops) await apply(op);
  if (!history.survivorsRunOn) for (const survivor of survivors) await survivor.crash();
  for (const shard of shards) {
    await finish(shard);
    while (shard.done.size < shard.records.length) {
      const from = checkpoint(shard);
      let to = from;
      while (to < shard.records.length && !shard.done.has(to)) to += 1;
      deliver(shard, from, to - from);
      await finish(shard);
      if (!shard.done.has(from)) throw new Error('An undisturbed delivery failed.');
    }
  }
  for (const survivor of survivors) await survivor.finish();
  return { outcome: await outcome(fixture), overlapped, unanswered };
}

/** The index of the shard's first record that is not processed. */
function checkpoint(shard: ShardState): number {
  let index = 0;
  while (shard.done.has(index)) index += 1;
  return index;
}

async function outcome(fixture: IngestFixture): Promise<Outcome> {
  const quarantine = await fixture.quarantineReasons();
  const records = async (table: string) =>
    Object.fromEntries((await fixture.items(table)).map(({ id, record }) => [String(id), String(record)]));
  const outOfOrder = /^quarantine\/out-of-order\/(.*)\/(.*)\.json$/;
  return {
    counts: await fixture.counts(),
    tweets: await records(tables.tweets),
    deletions: await records(tables.deletions),
    archive: (await fixture.removals()).map(({ table, key, record }) => `${table} ${key} ${record}`).sort(),
    quarantine: Object.fromEntries(Object.entries(quarantine).filter(([key]) => !outOfOrder.test(key))),
    outOfOrder: Object.keys(quarantine)
      .filter((key) => outOfOrder.test(key))
      .map((key) =>
        key.replace(outOfOrder, (_, shardId: string, sequence: string) => formatPosition(shardId, sequence)),
      )
      .sort(),
  };
}
