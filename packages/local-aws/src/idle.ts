import type { Pending } from './lifecycle.ts';

/** What has to come to rest, as the parts tell it. */
export interface IdleParts {
  /** Upstream: asks every pipe's source afresh. */
  pipes: { pending(): Promise<Pending[]>; checkpoints(): ReadonlyMap<string, ReadonlyMap<string, string | null>> };
  states: { inFlight(): Pending[]; executions(): number };
  lambda: { inFlight(): Pending[] };
  /** Downstream of everything. */
  firehose: { pending(): Pending[] };
}

/**
 * Answers what is still on its way, and an empty list only when that holds: two looks from upstream to downstream that
 * find nothing, with no progress of any pipe from before the first to after the second. One look is not enough: what
 * leaves one part after the next one was looked at would be seen nowhere.
 */
export function createIdleCheck({ pipes, states, lambda, firehose }: IdleParts): () => Promise<Pending[]> {
  const look = async (): Promise<Pending[]> => [
    ...(await pipes.pending()),
    ...states.inFlight(),
    ...lambda.inFlight(),
    ...firehose.pending(),
  ];
  const progress = (): string =>
    JSON.stringify([states.executions(), [...pipes.checkpoints()].map(([arn, shards]) => [arn, [...shards]])]);

  return async () => {
    const before = progress();
    const first = await look();
    if (first.length > 0) return first;
    const second = await look();
    if (second.length > 0) return second;
    if (progress() !== before) return [{ what: 'runtime', detail: 'something moved while it was looked at' }];
    return [];
  };
}
