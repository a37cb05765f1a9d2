import { systemClock } from '@tweet-pipes/kit/system-clock';
import { useEffect, useState } from 'preact/hooks';
import type { ApiFailure } from '../api.ts';
import { poll } from '../live.ts';
import { browserVisibility } from './browser-visibility.ts';
import { ApiProblem, apiUrl, EndpointAway, getJson } from './call-api.ts';
import { paced } from './pace.ts';

/** What is known by now. Both members can be there: data of an earlier call, and why the last one failed. */
export interface Live<T> {
  readonly data?: T;
  readonly failure?: ApiFailure;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** Milliseconds between an answer and the next call, where a view says nothing. */
const EVERY_MS = 2_000;
/** The same, while an answer is a part. */
const SOON_MS = 100;

/**
 * Loads a path of the API again and again while the page is seen. While the server is away the data stay, and the
 * banner says so. Another path starts empty; another query keeps what is there until its answer comes. Without a path
 * nothing is loaded. `isPart` tells whether more is to come at once.
 */
export function useLive<T>(
  path: string | undefined,
  query: Query = {},
  everyMs = EVERY_MS,
  isPart?: (data: T) => boolean,
): Live<T> {
  const load = path === undefined ? undefined : (signal: AbortSignal) => getJson<T>(path, query, signal);
  return usePolling<T>(path ?? '', load, [apiUrl(path ?? '', query)], everyMs, isPart);
}

/**
 * As {@link useLive}, with a function that loads, if any. It must read nothing that changes but `identity` and
 * the dependencies; it is called again at once when one of them changes.
 */
export function usePolling<T>(
  identity: string,
  load: ((signal: AbortSignal) => Promise<T>) | undefined,
  dependencies: readonly unknown[],
  everyMs = EVERY_MS,
  isPart?: (data: T) => boolean,
): Live<T> {
  const [live, setLive] = useState<Live<T> & { identity: string }>({ identity });
  useEffect(() => {
    if (load === undefined) return setLive({ identity });
    const stopped = new AbortController();
    void poll<T>(
      {
        load,
        everyMs: paced(everyMs),
        soonMs: paced(SOON_MS),
        ...(isPart && { isPart }),
        clock: systemClock,
        visibility: browserVisibility,
        onData: (data) => setLive({ identity, data }),
        onProblem(problem) {
          if (problem instanceof EndpointAway) return;
          const failure = describeProblem(problem);
          setLive((before) => ({ ...(before.identity === identity ? before : { identity }), failure }));
        },
      },
      stopped.signal,
    );
    return () => stopped.abort();
  }, [identity, everyMs, ...dependencies]);
  return live.identity === identity ? live : {};
}

/** Loads a path once, and again when the path or the query changes. */
export function useOnce<T>(path: string | undefined, query: Query = {}): Live<T> {
  const url = path === undefined ? '' : apiUrl(path, query);
  const [loaded, setLoaded] = useState<Live<T> & { url: string }>({ url: '' });
  useEffect(() => {
    if (path === undefined) return;
    const stopped = new AbortController();
    const set = (found: Live<T>) => {
      if (!stopped.signal.aborted) setLoaded({ url, ...found });
    };
    getJson<T>(path, query, stopped.signal).then(
      (data) => set({ data }),
      (problem: unknown) => set({ failure: describeProblem(problem) }),
    );
    return () => stopped.abort();
  }, [url]);
  return loaded.url === url ? loaded : {};
}

/** A problem of a call in the words for the reader. */
export function describeProblem(problem: unknown): ApiFailure {
  if (problem instanceof ApiProblem) return problem.failure;
  if (problem instanceof Error) return { error: problem.name, message: problem.message };
  return { error: 'Unknown', message: String(problem) };
}
