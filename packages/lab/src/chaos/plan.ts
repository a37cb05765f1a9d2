import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import type { End } from './end.ts';
import { allEnds } from './ends.ts';
import { faultSpecs } from './fault-specs.ts';

/** What happens to the runtime between one start and its end. */
export interface Life {
  end: End;
  /** Records that may be fed from its start on, beside those that are left from before. */
  records: number;
  /** Faults that are injected; `''` for none. See docs/reliability.md for the language. */
  faults: string;
  /** A change of the stream's shards while records flow. */
  reshard?: { kind: 'split' | 'merge'; afterReadyMs: number; choice: number };
}

/**
 * The lives of a run, without an end. The same seed gives the same lives; how many of them are lived is a matter of
 * time.
 */
export function* planLives(seed: number): Generator<Life, never> {
  const random = seededRandom(seed);
  for (;;) {
    for (const end of shuffled(allEnds(random), random)) {
      yield {
        end,
        records: 40 + Math.floor(random.next() * 360),
        faults: random.next() < 0.8 ? faultSpecs(random) : '',
        ...(random.next() < 0.2
          ? {
              reshard: {
                kind: random.next() < 0.5 ? 'split' : 'merge',
                afterReadyMs: Math.floor(random.next() * 600),
                choice: random.next(),
              },
            }
          : {}),
      };
    }
  }
}

function shuffled(ends: End[], random: Random): End[] {
  return ends
    .map((end) => ({ end, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ end }) => end);
}
