import type { Clock } from '@tweet-pipes/kit/clock';

/**
 * A clock that runs `factor` times slower than another from the moment it is made: every wait is that many times
 * longer, so that the time that this machine computes has only a `factor`-th of its share in what the clock measures.
 * What reads the system's own clock (engines, functions, the SDK's retries) is not stretched: docs/scale.md.
 */
export function slowMotion(clock: Clock, factor: number): Clock {
  const originMs = clock.now();
  return {
    now: () => originMs + Math.floor((clock.now() - originMs) / factor),
    sleep: (ms, signal) => clock.sleep(ms * factor, signal),
  };
}
