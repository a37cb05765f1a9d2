import type { Pending } from './lifecycle.ts';

/** The parts that must be idle. */
export interface IdleParts {
  /** Upstream of all others. */
  scheduler: { inFlight(): Pending[] };
  /** Upstream. Reads every pipe's source. The checkpoints are those of all readers of streams. */
  pipes: { pending(): Promise<Pending[]>; checkpoints(): ReadonlyMap<string, ReadonlyMap<string, string | null>> };
  states: { inFlight(): Pending[]; executions(): number };
  lambda: { inFlight(): Pending[] };
  /** Downstream of all others. Reads the sources of delivery streams. */
  firehose: { pending(): Promise<Pending[]> };
}

/**
 * Creates the idle check. It returns the outstanding work. The list is empty only after two checks from upstream to
 * downstream that find nothing, without progress of a pipe in between. A single check would miss a record that leaves a
 * part after the next one was checked.
 */
export function createIdleCheck({ scheduler, pipes, states, lambda, firehose }: IdleParts): () => Promise<Pending[]> {
  const look = async (): Promise<Pending[]> => [
    ...scheduler.inFlight(),
    ...(await pipes.pending()),
    ...states.inFlight(),
    ...lambda.inFlight(),
    ...(await firehose.pending()),
  ];
  const progress = (): string =>
    JSON.stringify([states.executions(), [...pipes.checkpoints()].map(([arn, shards]) => [arn, [...shards]])]);

  return async () => {
    const before = progress();
    const first = await look();
    if (first.length > 0) return first;
    const second = await look();
    if (second.length > 0) return second;
    if (progress() !== before)
      return [{ what: 'runtime', detail: 'a pipe or a delivery stream made progress during the check' }];
    return [];
  };
}
