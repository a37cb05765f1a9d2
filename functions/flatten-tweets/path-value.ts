import { isJsonObject, type Json } from '@tweet-pipes/kit/json';

/**
 * What the JSONata path `name.name…` finds in a value: a list on the way is searched member by member, and a single
 * find is no list. The workflow reads records by such paths (statemachines/ingest/read-records.jsonata), and both must
 * find the same in records of any shape.
 */
export function valueAt(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  let items = asItems(value);
  for (const [step, name] of names.entries()) {
    const found = items.map((item) => member(item, name)).filter((item) => item !== undefined);
    const [only] = found;
    if (step === names.length - 1 && found.length === 1 && Array.isArray(only)) return only;
    items = found.flat();
  }
  return items.length <= 1 ? items[0] : items;
}

/** The members of a list; of any other value, itself. */
export function asItems(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

function member(item: Json, name: string): Json | undefined {
  if (Array.isArray(item)) return valueAt(item, name);
  return isJsonObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
}
