import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/**
 * Splits properties: `rest` is what is not at one of `paths`, `found` the paths that have a value. A path such as
 * `A.B[].C` has member names, and `[]` for every element of a list. It covers everything below it.
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
  /** The remaining steps of the path. */
  steps: readonly string[];
}

function below(candidates: readonly Candidate[], step: string): Candidate[] {
  return candidates
    .filter(({ steps }) => steps[0] === step)
    .map(({ path, steps }) => ({ path, steps: steps.slice(1) }));
}
