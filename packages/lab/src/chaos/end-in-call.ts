import type { Intercept } from '@tweet-pipes/local-aws';
import type { End } from './end.ts';

/** Kills this process at the n-th call of an operation; `die` must not return. */
export function endInCall(end: End, die: () => void): Intercept {
  let calls = 0;
  return async (call, forward) => {
    if (end.how !== 'kill-call' || call.operation !== end.operation) return forward();
    if (end.of !== undefined && !call.request.url.includes(end.of)) return forward();
    calls += 1;
    const isIt = calls === end.nth;
    if (isIt && end.when === 'before') die();
    const answer = await forward();
    if (isIt) die();
    return answer;
  };
}
