import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/** The key attributes of tables, learned from calls that create and describe tables. */
export class TableKeys {
  readonly #names = new Map<string, readonly string[]>();

  /** Learns a table's key from a CreateTable input or a table description. */
  learn(table: Json | undefined): void {
    if (!isJsonObject(table) || typeof table.TableName !== 'string' || !Array.isArray(table.KeySchema)) return;
    const names = table.KeySchema.map((part) => (isJsonObject(part) ? String(part.AttributeName) : ''));
    this.#names.set(table.TableName, names);
  }

  /** An identifier of the item with this key, given as key or whole item; undefined for an unknown table. */
  item(table: Json | undefined, attributes: Json | undefined): string | undefined {
    const names = typeof table === 'string' ? this.#names.get(table) : undefined;
    if (names === undefined || !isJsonObject(attributes)) return undefined;
    return JSON.stringify([table, ...names.map((name) => attributes[name] ?? null)]);
  }
}

/** The item that `INSERT INTO "table" VALUE {'name': ?, …}` writes; undefined for any other statement. */
export function insertedItem(statement: Json | undefined): { table: string; item: JsonObject } | undefined {
  if (!isJsonObject(statement) || typeof statement.Statement !== 'string') return undefined;
  const [, table, body] = /^\s*INSERT\s+INTO\s+"([^"]+)"\s+VALUE\s+(\{.*\})\s*$/is.exec(statement.Statement) ?? [];
  const { Parameters: parameters } = statement;
  if (table === undefined || body === undefined || !Array.isArray(parameters)) return undefined;
  const names = [...body.matchAll(/'([^']*)'\s*:\s*\?/g)].map(([, name = '']) => name);
  if (names.length !== parameters.length) return undefined;
  return { table, item: Object.fromEntries(names.map((name, index) => [name, parameters[index]])) };
}
