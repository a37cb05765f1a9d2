import type { Intercept } from '@tweet-pipes/local-aws';
import type { CrashPoint } from './crash-point.ts';

/** Calls `crash`, which must not return, at the n-th call of an operation. */
export function crashInCall(crashPoint: CrashPoint, crash: () => void): Intercept {
  let calls = 0;
  return async (call, forward) => {
    if (crashPoint.how !== 'kill-call' || call.operation !== crashPoint.operation) return forward();
    if (crashPoint.of !== undefined && !call.request.url.includes(crashPoint.of)) return forward();
    calls += 1;
    const isCrashPoint = calls === crashPoint.nth;
    if (isCrashPoint && crashPoint.when === 'before') crash();
    const answer = await forward();
    if (isCrashPoint) crash();
    return answer;
  };
}
