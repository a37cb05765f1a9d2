import type { RouteAnswer } from './gateway/gateway.ts';
import type { Denials } from './iam/authorization/denials.ts';
import type { Problems } from './problems.ts';

/** The state of the runtime as a whole. */
export interface Health {
  status: 'starting' | 'ready' | 'failed' | 'stopping';
  /** Of a failed runtime. */
  why?: string;
}

/**
 * The answer of `GET /_health`. Only `ready` has status 200. A runtime that is ready but for some problems is
 * `degraded`. A denied call is no problem of the runtime, as it is none of a service on AWS, but one of the roles:
 * `denials` has the number of different ones in the last 15 minutes, if there are any.
 */
export function healthAnswer(
  { status, why }: Health,
  { list }: Pick<Problems, 'list'>,
  denials: Pick<Denials, 'list'>,
): RouteAnswer {
  if (status === 'failed') return { statusCode: 503, body: { status, why } };
  const denied = denials.list.length === 0 ? {} : { denials: denials.list.length };
  if (list.length === 0) return { statusCode: status === 'ready' ? 200 : 503, body: { status, ...denied } };
  const problems = list.map(({ what, why, do: remedy }) => ({ what, why, do: remedy }));
  return { statusCode: 503, body: { status: status === 'ready' ? 'degraded' : status, problems, ...denied } };
}
