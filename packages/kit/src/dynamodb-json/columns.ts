import type { Json, JsonObject } from '../json.ts';

/**
 * Collects the columns of one row. A name that is taken, by a reserved column or by an earlier attribute, gets the
 * suffix `_2`, `_3` and so on: no value replaces another.
 */
export class Columns {
  readonly #values = new Map<string, Json>();
  readonly #reserved: ReadonlySet<string>;

  constructor(reserved: Readonly<Record<string, Json>> = {}, alsoReserved: readonly string[] = []) {
    for (const [name, value] of Object.entries(reserved)) this.#values.set(name, value);
    this.#reserved = new Set(alsoReserved);
  }

  add(name: string, value: Json): void {
    let column = name;
    for (let copy = 2; this.#values.has(column) || this.#reserved.has(column); copy += 1) column = `${name}_${copy}`;
    this.#values.set(column, value);
  }

  /** Object.fromEntries defines its keys, so a column named `__proto__` is a column like any other. */
  toRow(): JsonObject {
    return Object.fromEntries(this.#values);
  }
}
