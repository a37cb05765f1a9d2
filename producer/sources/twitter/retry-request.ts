import type { Agent } from 'node:http';

import type { Clock } from '@tweet-pipes/kit/clock';
import { inTime } from '../in-time.ts';
import { seconds } from '../seconds.ts';
import { BackOff } from './back-off.ts';
import { longestSilenceMs } from './connection.ts';
import { TwitterSourceError } from './errors.ts';
import { Disconnected, problemOf } from './problem.ts';

/** How often and how long to retry a request. */
export interface RetryPolicy {
  clock: Clock;
  signal: AbortSignal;
  /** The agent of the request; destroyed if X does not answer. */
  agent: Agent;
  /** Called before each wait. */
  notice(line: string): void;
  /** Maximum number of attempts. Those that a rate limit refuses do not count. */
  attempts: number;
  /** Whether to wait for the end of a rate limit, up to 15 minutes at a time, instead of giving up. */
  waitsForRate: boolean;
}

/** Repeats a request until X answers. Throws {@link TwitterSourceError} when it gives up, X refuses or on abort. */
export async function retryRequest<T>(request: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { clock, signal, notice } = policy;
  const backOff = new BackOff();
  for (let attempt = 1; ; ) {
    try {
      return await answer(request, policy);
    } catch (error) {
      if (signal.aborted) throw new TwitterSourceError('Interrupted.');
      const problem = problemOf(error, clock.now());
      if (problem === undefined) throw error;
      if (problem.kind === 'fatal' || problem.kind === 'taken') throw new TwitterSourceError(`${problem.reason}.`);
      if (problem.kind === 'rate' ? !policy.waitsForRate : attempt >= policy.attempts) {
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

async function answer<T>(request: () => Promise<T>, { clock, signal, agent }: RetryPolicy): Promise<T> {
  const answering = request();
  if (!(await inTime(answering, { ms: longestSilenceMs, clock, signal }))) {
    answering.catch(() => {});
    agent.destroy();
    throw new Disconnected({ kind: 'network', reason: `X did not answer within ${seconds(longestSilenceMs)}` });
  }
  return await answering;
}
