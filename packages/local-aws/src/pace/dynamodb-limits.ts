import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { Call, Intercept } from '../gateway/wire.ts';
import { consumedUnits, forwardMeasured, unitsOfFailure } from './consumed-capacity.ts';
import { ItemBuckets } from './item-buckets.ts';
import { jsonBody } from './json-body.ts';
import { limitedKeys } from './limited-keys.ts';
import { limitedStatements } from './limited-statements.ts';
import { TableKeys } from './table-keys.ts';
import { throttledCall, throttledTransaction } from './throttles.ts';

type Forward = Parameters<Intercept>[1];

export interface DynamoDbLimitsOptions {
  clock: Clock;
  /** Units per second of one item. */
  writeUnitsPerSecond: number;
  readUnitsPerSecond: number;
  /** Called with the number of throttled items of a call. */
  onThrottle(kind: 'read' | 'write', items: number): void;
}

/**
 * Throttles calls by item, as DynamoDB does for an item that is alone in its partition. Units are those that the engine
 * reports as consumed. Limited are GetItem, UpdateItem, PutItem, DeleteItem, BatchGetItem, INSERT statements of
 * BatchExecuteStatement, and TransactWriteItems. Other operations are not limited.
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
    const { response, output, capacity } = await forwardMeasured(call.request, input, forward);
    buckets.settle(admission, response.statusCode === 200 ? consumedUnits(capacity) : unitsOfFailure(output));
    return response;
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
    const { response, capacity } = await forwardMeasured(call.request, input, forward);
    const units = consumedUnits(capacity);
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
        return limitedStatements(call, forward, input, {
          ...{ writes, keys },
          onThrottle: (items) => onThrottle('write', items),
        });
      case 'BatchGetItem':
        return limitedKeys(call, forward, input, { reads, keys, onThrottle: (items) => onThrottle('read', items) });
      case 'TransactWriteItems':
        return transaction(call, forward, input);
      default:
        return forward();
    }
  };
}
