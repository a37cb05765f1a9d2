import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import type { CrashPoint } from './crash-point.ts';
import { allCrashPoints } from './crash-points.ts';
import { faultSpecs } from './fault-specs.ts';

/** What happens to the runtime from one start to its exit. */
export interface Round {
  crashPoint: CrashPoint;
  /** Records that are released at its start, in addition to earlier ones. */
  records: number;
  /** Faults that are injected; `''` for none. docs/fault-injection.md has the syntax. */
  faults: string;
  /** A shard split or merge while records flow. */
  reshard?: Resharding;
  /** The same of the stream of changes of orders. */
  salesReshard?: Resharding;
}

/** A shard split or merge. `choice` is the place of the shard among the open ones, from 0 to below 1. */
export interface Resharding {
  kind: 'split' | 'merge';
  afterReadyMs: number;
  choice: number;
}

/** The endless sequence of rounds of a run. The same seed gives the same rounds; time decides how many are played. */
export function* planRounds(seed: number): Generator<Round, never> {
  const random = seededRandom(seed);
  // Apart, so that a seed gives the same rounds with the sales lake and without it.
  const ofSales = seededRandom(seed ^ 0x5a1e5);
  for (;;) {
    for (const crashPoint of shuffled(allCrashPoints(random), random)) {
      yield {
        crashPoint,
        records: 40 + Math.floor(random.next() * 360),
        faults: random.next() < 0.8 ? faultSpecs(random) : '',
        ...(random.next() < 0.2 ? { reshard: resharding(random) } : {}),
        ...(ofSales.next() < 0.4 ? { salesReshard: resharding(ofSales) } : {}),
      };
    }
  }
}

function resharding(random: Random): Resharding {
  return {
    kind: random.next() < 0.5 ? 'split' : 'merge',
    afterReadyMs: Math.floor(random.next() * 600),
    choice: random.next(),
  };
}

function shuffled(crashPoints: CrashPoint[], random: Random): CrashPoint[] {
  return crashPoints
    .map((crashPoint) => ({ crashPoint, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ crashPoint }) => crashPoint);
}
