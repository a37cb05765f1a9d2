import type { Clock } from '@tweet-pipes/kit/clock';

/**
 * A clock that runs `factor` times slower than another from its creation on. Every wait is that many times longer, so
 * that the computing time of this machine weighs less in what the clock measures. Engines, functions and the SDK's
 * retries read the system's clock and are not stretched: docs/like-aws.md.
 */
export function slowMotion(clock: Clock, factor: number): Clock {
  const originMs = clock.now();
  return {
    now: () => originMs + Math.floor((clock.now() - originMs) / factor),
    sleep: (ms, signal) => clock.sleep(ms * factor, signal),
  };
}
