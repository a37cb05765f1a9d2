import { systemClock } from '@tweet-pipes/kit/system-clock';
import type { ApiFailure } from '../api.ts';
import { Connection } from './connection.ts';

/** How this page reaches its server. */
export const connection = new Connection(systemClock);

/** Milliseconds after which an answer no longer comes. A query of Athena may take long. */
const TIMEOUT_MS = 120_000;

/** The server refused, or failed, and says why. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly failure: ApiFailure;
  /** HTTP's status code. */
  readonly status: number;

  constructor(failure: ApiFailure, status: number) {
    super(failure.message);
    this.failure = failure;
    this.status = status;
  }
}

/** The server did not answer, or something else did. A later call may succeed. */
export class EndpointAway extends Error {
  override readonly name = 'EndpointAway';
}

/**
 * Gets JSON of the page's server: `getJson('session')`. Members of the query that are undefined are left out. Rejects
 * with {@link ApiProblem} or {@link EndpointAway}.
 */
export function getJson<T>(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
  signal?: AbortSignal,
): Promise<T> {
  return call(apiUrl(path, query), {}, signal);
}

/** Asks the page's server to do something. Rejects as {@link getJson} does. */
export function postJson<T>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return call(apiUrl(path), { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The address of an API path. */
export function apiUrl(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `/_console/api/${path}${search.size === 0 ? '' : `?${search}`}`;
}

async function call<T>(url: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    ...init,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch((cause: unknown) => {
    throw away(signal, cause);
  });
  const answer: T = await response.json().catch((cause: unknown) => {
    throw away(signal, cause);
  });
  connection.heard(response.headers);
  if (response.ok) return answer;
  throw new ApiProblem(isFailure(answer) ? answer : noReason(response.status), response.status);
}

function away(signal: AbortSignal | undefined, cause: unknown): EndpointAway {
  if (!signal?.aborted) connection.missed();
  return new EndpointAway('The endpoint does not answer.', { cause });
}

function isFailure(answer: unknown): answer is ApiFailure {
  return typeof answer === 'object' && answer !== null && 'error' in answer && 'message' in answer;
}

function noReason(status: number): ApiFailure {
  return { error: `Http${status}`, message: `The endpoint answered ${status} and gave no reason.` };
}
