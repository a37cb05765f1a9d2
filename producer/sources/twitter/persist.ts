import type { Agent } from 'node:http';

import type { Clock } from '@tweet-pipes/kit/clock';
import { BackOff } from './back-off.ts';
import { longestSilenceMs } from './connection.ts';
import { TwitterSourceError } from './errors.ts';
import { inTime } from './in-time.ts';
import { Disconnected, problemOf } from './problem.ts';

/** How stubborn to be about one request. */
export interface Persistence {
  clock: Clock;
  signal: AbortSignal;
  /** What the request goes through. */
  agent: Agent;
  /** Told before each wait. */
  notice(line: string): void;
  /** How often it is tried, waits for a rate limit not counted. */
  attempts: number;
  /** Whether to wait until X lifts a rate limit, a quarter of an hour at a time, or to give up. */
  waitsForRate: boolean;
}

/**
 * Makes a request until X answers it. Throws {@link TwitterSourceError} when it gives up, when X refuses, and when the
 * signal aborts.
 */
export async function persist<T>(request: () => Promise<T>, persistence: Persistence): Promise<T> {
  const { clock, signal, notice } = persistence;
  const backOff = new BackOff();
  for (let attempt = 1; ; ) {
    try {
      return await answer(request, persistence);
    } catch (error) {
      if (signal.aborted) throw new TwitterSourceError('Interrupted.');
      const problem = problemOf(error, clock.now());
      if (problem === undefined) throw error;
      if (problem.kind === 'fatal' || problem.kind === 'taken') throw new TwitterSourceError(`${problem.reason}.`);
      if (problem.kind === 'rate' ? !persistence.waitsForRate : attempt >= persistence.attempts) {
        throw new TwitterSourceError(`${problem.reason}.`);
      }
      if (problem.kind !== 'rate') attempt += 1;
      const waitMs = backOff.next(problem);
      notice(`${problem.reason}. Trying again in ${seconds(waitMs)}.`);
      await clock.sleep(waitMs, signal);
      if (signal.aborted) throw new TwitterSourceError('Interrupted.');
    }
  }
}

async function answer<T>(request: () => Promise<T>, { clock, signal, agent }: Persistence): Promise<T> {
  const answering = request();
  if (!(await inTime(answering, { ms: longestSilenceMs, clock, signal }))) {
    answering.catch(() => {});
    agent.destroy();
    throw new Disconnected({ kind: 'network', reason: `X did not answer within ${seconds(longestSilenceMs)}` });
  }
  return await answering;
}

/** `0.25 s`, `60 s` */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(2))} s`;
}
