import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';

/** One step of a path such as `$.a.b[0].*`. */
export type PathStep = { readonly key: string } | { readonly index: number } | { readonly every: true };

const step = /\.([A-Za-z0-9_/-]+)|\.\*|\[(\d+)\]|\[\*\]/y;

/**
 * Parses the paths that Pipes evaluate: dots, dashes, underscores, alphanumerics, slashes, `[n]` and `*`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html). Undefined for anything
 * else.
 */
export function parsePath(text: string): PathStep[] | undefined {
  if (!text.startsWith('$') || text.length === 1) return undefined;
  const steps: PathStep[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (found === null) return undefined;
    if (found[1] !== undefined) steps.push({ key: found[1] });
    else if (found[2] !== undefined) steps.push({ index: Number(found[2]) });
    else steps.push({ every: true });
  }
  return steps;
}

/** The value at a path, undefined if the event has none. After a `*` the result is the list of all matches. */
export function readPath(value: Json | undefined, steps: readonly PathStep[]): Json | undefined {
  const [first, ...rest] = steps;
  if (first === undefined || value === undefined) return value;
  if ('key' in first) {
    return isJsonObject(value) && Object.hasOwn(value, first.key) ? readPath(value[first.key], rest) : undefined;
  }
  if ('index' in first) return Array.isArray(value) ? readPath(value[first.index], rest) : undefined;
  const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return children.map((child) => readPath(child, rest)).filter((found) => found !== undefined);
}
