import type { Random } from '@tweet-pipes/kit/random';
import type { Batcher, BatchSteps, Halves } from '../pipes/batcher.ts';
import type { PipeFaults } from '../pipes/faults.ts';
import type { StreamRecord } from '../pipes/sources/record.ts';
import type { Decisions } from './decisions.ts';
import type { FaultSwitch } from './fault-switch.ts';
import { appliesTo } from './rule-match.ts';
import type { CheckedRule, CheckedSpec, PipeKind } from './spec.ts';

/** Faults in pipes, decided for each shard on its own. */
export function createPipeFaults(options: {
  spec: CheckedSpec;
  decisions: Decisions;
  faultSwitch: FaultSwitch;
}): PipeFaults {
  const { spec, decisions, faultSwitch } = options;
  /** By pipe and shard, the last sequence number that was redelivered. It bounds a rate of 100% to one redelivery. */
  const redelivered = new Map<string, bigint>();
  return (batcher, pipeName, shardId) => {
    const key = `${pipeName} ${shardId}`;
    return new FaultyBatches(batcher, {
      draw(kind) {
        if (!faultSwitch.isOn) return undefined;
        for (const rule of spec.rules) {
          if (rule.kind !== kind || !appliesTo(rule, 'pipe', pipeName)) continue;
          const random = decisions.next(rule, key);
          if (random !== undefined) return { rule, random };
        }
        return undefined;
      },
      count: (rule) => decisions.count(rule),
      get redeliveredUpTo() {
        return redelivered.get(key) ?? -1n;
      },
      set redeliveredUpTo(sequenceNumber) {
        redelivered.set(key, sequenceNumber);
      },
    });
  };
}

/** The decisions for one shard. */
interface ShardFaults {
  /** The rule that hits the next step of this kind, with the randomness for its details. */
  draw(kind: PipeKind): { rule: CheckedRule; random: Random } | undefined;
  count(rule: CheckedRule): void;
  redeliveredUpTo: bigint;
}

/** The batching of one shard, with faults. */
class FaultyBatches implements BatchSteps {
  readonly #batcher: Batcher;
  readonly #faults: ShardFaults;

  constructor(batcher: Batcher, faults: ShardFaults) {
    this.#batcher = batcher;
    this.#faults = faults;
  }

  take(): StreamRecord[] {
    const size = this.#batcher.nextBatchSize;
    const hit = size > 1 ? this.#faults.draw('cut-batch') : undefined;
    if (hit === undefined) return this.#batcher.take();
    this.#faults.count(hit.rule);
    return this.#batcher.take(1 + Math.floor(hit.random.next() * (size - 1)));
  }

  complete(batch: readonly StreamRecord[]): boolean {
    const last = BigInt(batch.at(-1)?.sequenceNumber ?? 0);
    const hit = last > this.#faults.redeliveredUpTo ? this.#faults.draw('redeliver') : undefined;
    if (hit === undefined) return this.#batcher.complete();
    this.#faults.redeliveredUpTo = last;
    this.#faults.count(hit.rule);
    this.#batcher.putBack(batch);
    return false;
  }

  bisect(batch: readonly StreamRecord[]): Halves {
    const [first, second] = this.#batcher.bisect(batch);
    const hit = this.#faults.draw('swap-halves');
    if (hit === undefined) return [first, second];
    this.#faults.count(hit.rule);
    return [second, first];
  }
}
