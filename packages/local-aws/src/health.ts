import type { RouteAnswer } from './gateway/gateway.ts';
import type { Problems } from './problems.ts';

/** The state of the runtime as a whole. */
export interface Health {
  status: 'starting' | 'ready' | 'failed' | 'stopping';
  /** Of a failed runtime. */
  why?: string;
}

/**
 * The answer of `GET /_health`. Only `ready` has status 200. A runtime that is ready but for some problems is
 * `degraded`.
 */
export function healthAnswer({ status, why }: Health, { list }: Pick<Problems, 'list'>): RouteAnswer {
  if (status === 'failed') return { statusCode: 503, body: { status, why } };
  if (list.length === 0) return { statusCode: status === 'ready' ? 200 : 503, body: { status } };
  const problems = list.map(({ what, why, do: remedy }) => ({ what, why, do: remedy }));
  return { statusCode: 503, body: { status: status === 'ready' ? 'degraded' : status, problems } };
}
