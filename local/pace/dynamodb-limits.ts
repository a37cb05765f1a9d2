import type { Clock } from '../clock.ts';
import type { Call, Intercept, WireRequest, WireResponse } from '../gateway/wire.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { type Admission, ItemBuckets } from './item-buckets.ts';
import { itemBytes, writeUnits } from './item-size.ts';
import { jsonBody, withBody } from './json-body.ts';
import { insertedItem, TableKeys } from './table-keys.ts';
import { answer, throttledBatch, throttledCall, throttledStatement, throttledTransaction } from './throttles.ts';

type Forward = Parameters<Intercept>[1];

export interface DynamoDbLimitsOptions {
  clock: Clock;
  /** Units a second that one item may take. */
  writeUnitsPerSecond: number;
  readUnitsPerSecond: number;
  /** Told how many items of a call were throttled. */
  onThrottle(kind: 'read' | 'write', items: number): void;
}

/**
 * Throttles calls on single items as DynamoDB does with a partition that holds nothing else. Units are those that the engine says a call consumed. Limited are GetItem, UpdateItem,
 * PutItem, DeleteItem, BatchGetItem, INSERT statements of BatchExecuteStatement, and TransactWriteItems; all else passes.
 */
export function dynamoDbLimits(options: DynamoDbLimitsOptions): Intercept {
  const { clock, onThrottle } = options;
  const writes = new ItemBuckets(clock, options.writeUnitsPerSecond);
  const reads = new ItemBuckets(clock, options.readUnitsPerSecond);
  const keys = new TableKeys();

  const one = async (call: Call, forward: Forward, input: JsonObject, kind: 'read' | 'write') => {
    const buckets = kind === 'read' ? reads : writes;
    const item = keys.item(input.TableName, input.Key ?? input.Item);
    if (item === undefined) return forward();
    const admission = buckets.admit(item);
    if (admission === undefined) {
      onThrottle(kind, 1);
      return throttledCall(call, String(input.TableName), kind === 'read' ? 'Read' : 'Write');
    }
    const { response, output } = await metered(call.request, input, forward);
    buckets.settle(admission, response.statusCode === 200 ? consumed(output) : costOfFailure(output));
    return response;
  };

  const statements = async (call: Call, forward: Forward, input: JsonObject) => {
    const given = Array.isArray(input.Statements) ? input.Statements : [];
    const fates = given.map((statement) => {
      const insert = insertedItem(statement);
      const item = insert && keys.item(insert.table, insert.item);
      if (insert === undefined || item === undefined) return { statement };
      const admission = writes.admit(item);
      if (admission === undefined) return { statement, throttledOn: insert.table };
      writes.settle(admission, writeUnits(itemBytes(insert.item)));
      return { statement };
    });
    const throttled = fates.filter(({ throttledOn }) => throttledOn !== undefined).length;
    if (throttled === 0) return forward();
    onThrottle('write', throttled);
    const admitted = fates.flatMap(({ statement, throttledOn }) => (throttledOn === undefined ? [statement] : []));
    const response =
      admitted.length === 0
        ? answer(call, 200, { Responses: [] })
        : await forward(withBody(call.request, { ...input, Statements: admitted }));
    const output = response.statusCode === 200 ? jsonBody(response.body) : undefined;
    if (output === undefined) return response;
    const rest = Array.isArray(output.Responses) ? [...output.Responses] : [];
    const Responses = fates.map(({ throttledOn }) =>
      throttledOn === undefined ? (rest.shift() ?? {}) : throttledStatement(throttledOn),
    );
    return { ...response, body: Buffer.from(JSON.stringify({ ...output, Responses })) };
  };

  const batchGet = async (call: Call, forward: Forward, input: JsonObject) => {
    const left: JsonObject = {};
    const sent: JsonObject = {};
    const admissions = new Map<string, Admission[]>();
    let throttled = 0;
    for (const [table, part] of Object.entries(isJsonObject(input.RequestItems) ? input.RequestItems : {})) {
      if (!isJsonObject(part) || !Array.isArray(part.Keys)) return forward();
      const admitted: Json[] = [];
      const refused: Json[] = [];
      for (const key of part.Keys) {
        const item = keys.item(table, key);
        const admission = item === undefined ? undefined : reads.admit(item);
        if (admission !== undefined) admissions.set(table, [...(admissions.get(table) ?? []), admission]);
        (item === undefined || admission !== undefined ? admitted : refused).push(key);
      }
      throttled += refused.length;
      if (refused.length > 0) left[table] = { ...part, Keys: refused };
      if (admitted.length > 0) sent[table] = { ...part, Keys: admitted };
    }
    if (throttled > 0) onThrottle('read', throttled);
    if (Object.keys(sent).length === 0 && throttled > 0) return throttledBatch(call);
    const { response, output } = await metered(call.request, { ...input, RequestItems: sent }, forward);
    for (const [table, made] of admissions) {
      const units = consumed(output, table);
      for (const admission of made) reads.settle(admission, units === undefined ? undefined : units / made.length);
    }
    if (throttled === 0 || output === undefined || response.statusCode !== 200) return response;
    const unprocessed = isJsonObject(output.UnprocessedKeys) ? output.UnprocessedKeys : {};
    return answer(call, 200, { ...output, UnprocessedKeys: joined(unprocessed, left) });
  };

  const transaction = async (call: Call, forward: Forward, input: JsonObject) => {
    const given = Array.isArray(input.TransactItems) ? input.TransactItems : [];
    const admissions = given.map((action) => {
      const change = isJsonObject(action) ? Object.values(action)[0] : undefined;
      const item = isJsonObject(change) ? keys.item(change.TableName, change.Key ?? change.Item) : undefined;
      return item === undefined ? { item } : { item, admission: writes.admit(item) };
    });
    const throttled = admissions.map(({ item, admission }) => item !== undefined && admission === undefined);
    if (throttled.includes(true)) {
      for (const { admission } of admissions) if (admission !== undefined) writes.settle(admission, 0);
      onThrottle('write', throttled.filter((is) => is).length);
      return throttledTransaction(call, throttled);
    }
    const { response, output } = await metered(call.request, input, forward);
    const units = consumed(output);
    for (const { admission } of admissions) {
      if (admission !== undefined) writes.settle(admission, units === undefined ? 2 : units / given.length);
    }
    return response;
  };

  return async (call, forward) => {
    const { operation, request } = call;
    const input = jsonBody(request.body);
    if (input === undefined) return forward();
    switch (operation) {
      case 'CreateTable':
        keys.learn(input);
        return forward();
      case 'DescribeTable': {
        const response = await forward();
        keys.learn(jsonBody(response.body)?.Table);
        return response;
      }
      case 'GetItem':
        return one(call, forward, input, 'read');
      case 'UpdateItem':
      case 'PutItem':
      case 'DeleteItem':
        return one(call, forward, input, 'write');
      case 'BatchExecuteStatement':
        return statements(call, forward, input);
      case 'BatchGetItem':
        return batchGet(call, forward, input);
      case 'TransactWriteItems':
        return transaction(call, forward, input);
      default:
        return forward();
    }
  };
}

/** Asks the engine what the call costs, and takes that out of the answer where the caller did not ask for it. */
async function metered(
  request: WireRequest,
  input: JsonObject,
  forward: Forward,
): Promise<{ response: WireResponse; output: JsonObject | undefined }> {
  const isAsked = typeof input.ReturnConsumedCapacity === 'string' && input.ReturnConsumedCapacity !== 'NONE';
  const asked = isAsked ? input : { ...input, ReturnConsumedCapacity: 'TOTAL' };
  const response = await forward(withBody(request, asked));
  const output = jsonBody(response.body);
  if (isAsked || output?.ConsumedCapacity === undefined) return { response, output };
  const { ConsumedCapacity: _, ...rest } = output;
  return { response: { ...response, body: Buffer.from(JSON.stringify(rest)) }, output };
}

/** Units of a call, or of the part of it that is on one table. */
function consumed(output: JsonObject | undefined, table?: string): number | undefined {
  const given = output?.ConsumedCapacity;
  const all = (Array.isArray(given) ? given : [given]).filter(isJsonObject);
  const units = all
    .filter(({ TableName: name }) => table === undefined || name === table)
    .map(({ CapacityUnits }) => CapacityUnits);
  const known = units.filter((each) => typeof each === 'number');
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0);
}

/** A condition that fails costs what the write would have; what is refused costs nothing. */
function costOfFailure(output: JsonObject | undefined): number | undefined {
  return String(output?.__type).endsWith('ConditionalCheckFailedException') ? undefined : 0;
}

function joined(theirs: JsonObject, ours: JsonObject): JsonObject {
  const all: JsonObject = { ...theirs };
  for (const [table, part] of Object.entries(ours)) {
    const there = all[table];
    const before = isJsonObject(there) && Array.isArray(there.Keys) ? there.Keys : [];
    all[table] = isJsonObject(part) && Array.isArray(part.Keys) ? { ...part, Keys: [...before, ...part.Keys] } : part;
  }
  return all;
}
