import type { Random } from '@tweet-pipes/kit/random';
import type { PipeFaults } from '../pipes/faults.ts';
import type { Decisions } from './decisions.ts';
import { speaksOf } from './match.ts';
import type { Power } from './power.ts';
import type { CheckedRule, CheckedSpec, PipeKind } from './spec.ts';

/** Faults in pipes, decided for each shard on its own. */
export function pipeFaults(options: { spec: CheckedSpec; decisions: Decisions; power: Power }): PipeFaults {
  const { spec, decisions, power } = options;
  /**
   * By pipe and shard: up to where records were delivered again, so that a rate of 100% does not hold up a shard for
   * ever.
   */
  const deliveredAgain = new Map<string, bigint>();
  const hit = (
    kind: PipeKind,
    pipeName: string,
    shardId: string,
  ): { rule: CheckedRule; random: Random } | undefined => {
    if (!power.isOn) return undefined;
    for (const rule of spec.rules) {
      if (rule.kind !== kind || !speaksOf(rule, 'pipe', pipeName)) continue;
      const random = decisions.next(rule, `${pipeName} ${shardId}`);
      if (random !== undefined) return { rule, random };
    }
    return undefined;
  };
  return {
    cutBatch(pipeName, shardId, waiting) {
      const found = waiting > 1 ? hit('cut-batch', pipeName, shardId) : undefined;
      if (found === undefined) return Number.POSITIVE_INFINITY;
      decisions.count(found.rule);
      return 1 + Math.floor(found.random.next() * (waiting - 1));
    },
    redeliver(pipeName, shardId, batch) {
      const last = BigInt(batch.at(-1)?.sequenceNumber ?? 0);
      const place = `${pipeName} ${shardId}`;
      if (last <= (deliveredAgain.get(place) ?? -1n)) return false;
      const found = hit('redeliver', pipeName, shardId);
      if (found === undefined) return false;
      deliveredAgain.set(place, last);
      decisions.count(found.rule);
      return true;
    },
    swapHalves(pipeName, shardId) {
      const found = hit('swap-halves', pipeName, shardId);
      if (found !== undefined) decisions.count(found.rule);
      return found !== undefined;
    },
  };
}
