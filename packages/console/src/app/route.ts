/** A place in the page, as its address names it behind `#`: `#/executions/arn:…?state=Fail`. */
export interface Route {
  /** The first part: `executions`. Empty for the start. */
  readonly view: string;
  /** The second part, which names one thing of the view. */
  readonly id?: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Reads the part of an address from `#` on. Anything can stand there: what cannot be decoded is taken as it is. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#?\/?/, '');
  const at = text.indexOf('?');
  const [view = '', ...rest] = (at === -1 ? text : text.slice(0, at)).split('/').map(decode);
  const id = rest.join('/');
  const query = Object.fromEntries(new URLSearchParams(at === -1 ? '' : text.slice(at + 1)));
  return { view, ...(id === '' ? {} : { id }), query };
}

/** The address of a place, from `#` on. Members of the query that are undefined or empty are left out. */
export function formatRoute(
  view: string,
  id?: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const path = [view, ...(id === undefined ? [] : [id])].map(encodeURIComponent).join('/');
  return `#/${path}${search.size === 0 ? '' : `?${search}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
