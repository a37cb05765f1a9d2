import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/**
 * The properties without what stands at `paths`, and which of these paths there was something at. A path is written
 * `A.B[].C`: member names, and `[]` for every element of a list; it covers everything below it.
 */
export function takePaths(
  properties: JsonObject,
  paths: readonly string[],
): { rest: JsonObject; found: ReadonlySet<string> } {
  const found = new Set<string>();

  const take = (value: Json, candidates: readonly Candidate[]): Json => {
    if (Array.isArray(value)) return value.map((element) => take(element, below(candidates, '[]')));
    if (!isJsonObject(value)) return value;
    const rest: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const inside = below(candidates, key);
      const taken = inside.filter(({ steps }) => steps.length === 0);
      for (const { path } of taken) found.add(path);
      if (taken.length === 0) rest[key] = take(member, inside);
    }
    return rest;
  };
  const candidates = paths.map((path) => ({ path, steps: path.replaceAll('[]', '.[]').split('.') }));
  const rest = take(properties, candidates);
  return { rest: isJsonObject(rest) ? rest : {}, found };
}

interface Candidate {
  path: string;
  /** What is left of the path from here. */
  steps: readonly string[];
}

function below(candidates: readonly Candidate[], step: string): Candidate[] {
  return candidates
    .filter(({ steps }) => steps[0] === step)
    .map(({ path, steps }) => ({ path, steps: steps.slice(1) }));
}
