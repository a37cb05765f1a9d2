import type { JsonObject } from '@tweet-pipes/kit/json';
import { itemBytes, writeUnits } from '../engines/item-size.ts';
import type { Call, Intercept, WireResponse } from '../gateway/wire.ts';
import type { ItemBuckets } from './item-buckets.ts';
import { jsonBody, withBody } from './json-body.ts';
import { insertedItem, type TableKeys } from './table-keys.ts';
import { answer, throttledStatement } from './throttles.ts';

/**
 * Answers a BatchExecuteStatement: an error in the place of each throttled INSERT; the other statements are executed.
 */
export async function limitedStatements(
  call: Call,
  forward: Parameters<Intercept>[1],
  input: JsonObject,
  { writes, keys, onThrottle }: { writes: ItemBuckets; keys: TableKeys; onThrottle(items: number): void },
): Promise<WireResponse> {
  const given = Array.isArray(input.Statements) ? input.Statements : [];
  const decisions = given.map((statement) => {
    const insert = insertedItem(statement);
    const item = insert && keys.item(insert.table, insert.item);
    if (insert === undefined || item === undefined) return { statement };
    const admission = writes.admit(item);
    if (admission === undefined) return { statement, throttledOn: insert.table };
    writes.settle(admission, writeUnits(itemBytes(insert.item)));
    return { statement };
  });
  const throttled = decisions.filter(({ throttledOn }) => throttledOn !== undefined).length;
  if (throttled === 0) return forward();
  onThrottle(throttled);
  const admitted = decisions.flatMap(({ statement, throttledOn }) => (throttledOn === undefined ? [statement] : []));
  const response =
    admitted.length === 0
      ? answer(call, 200, { Responses: [] })
      : await forward(withBody(call.request, { ...input, Statements: admitted }));
  const output = response.statusCode === 200 ? jsonBody(response.body) : undefined;
  if (output === undefined) return response;
  const rest = Array.isArray(output.Responses) ? [...output.Responses] : [];
  const Responses = decisions.map(({ throttledOn }) =>
    throttledOn === undefined ? (rest.shift() ?? {}) : throttledStatement(throttledOn),
  );
  return { ...response, body: Buffer.from(JSON.stringify({ ...output, Responses })) };
}
