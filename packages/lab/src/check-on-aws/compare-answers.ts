import type { TestStateCommandOutput } from '@aws-sdk/client-sfn';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';

/** The part of an answer of TestState that must be the same everywhere. */
export type StateAnswer = Partial<Pick<TestStateCommandOutput, 'status' | 'error' | 'nextState' | 'output'>>;

const SHOWN_CHARACTERS = 60;

/**
 * What differs first between an answer and the one that is expected; undefined when they are the same. What differs
 * between `expected` and `later`, the same request at another time and with other random numbers, may differ here too.
 */
export function findDifference(expected: StateAnswer, later: StateAnswer, answer: StateAnswer): string | undefined {
  return differ(comparable(expected), comparable(later), comparable(answer), '');
}

function comparable({ status, error, nextState, output }: StateAnswer): Json {
  return {
    error: error ?? null,
    status: status ?? null,
    nextState: nextState ?? null,
    output: output === undefined ? null : JSON.parse(output),
  };
}

function differ(expected: Json, later: Json, found: Json, path: string): string | undefined {
  const difference = `${path.replace(/^\./, '')}: ${shown(expected)} here, ${shown(found)} there`;
  if (isJsonObject(expected) && isJsonObject(later)) {
    if (!isJsonObject(found)) return difference;
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return first([...names], (name) => member(expected[name], later[name], found[name], `${path}.${name}`));
  }
  if (Array.isArray(expected) && Array.isArray(later) && expected.length === later.length) {
    if (!Array.isArray(found) || found.length !== expected.length) return difference;
    return first([...expected.keys()], (index) =>
      member(expected[index], later[index], found[index], `${path}[${index}]`),
    );
  }
  return expected === found || expected !== later ? undefined : difference;
}

/** Compares members, of which any may be missing. */
function member(
  expected: Json | undefined,
  later: Json | undefined,
  found: Json | undefined,
  path: string,
): string | undefined {
  if (expected !== undefined && later !== undefined && found !== undefined) return differ(expected, later, found, path);
  if ((expected === undefined) === (found === undefined)) return undefined;
  return `${path.replace(/^\./, '')}: ${shown(expected)} here, ${shown(found)} there`;
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
