import { useEffect, useState } from 'preact/hooks';
import { formatRoute, parseRoute, type Route } from './route.ts';

/** The current place; the component is drawn again when it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** Changes the query of the current place without a step in the browser's history. Undefined removes a member. */
export function changeQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const { view, id, query } = parseRoute(location.hash);
  history.replaceState(undefined, '', formatRoute(view, id, { ...query, ...changes }));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
