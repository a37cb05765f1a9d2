import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import { partialOperations } from '../../src/faults/partial-failures.ts';

function divide(operation: string, input: JsonObject, seed: number) {
  const found = partialOperations[operation];
  if (found === undefined) throw new Error(`no ${operation}`);
  return found(input, seededRandom(seed));
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const member = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;

describe.each([
  ['kinesis.PutRecords', 'Records', 'Records', 'ErrorCode', 'InternalFailure', 'FailedRecordCount'],
  ['firehose.PutRecordBatch', 'Records', 'RequestResponses', 'ErrorCode', 'InternalFailure', 'FailedPutCount'],
  ['dynamodb.BatchExecuteStatement', 'Statements', 'Responses', 'Error', 'InternalServerError', undefined],
])('%s', (operation, items, results, failed, serverError, count) => {
  it('fails some items in place, keeps the order of the rest, and applies a failed one only where the error leaves it open', () => {
    let appliedThough = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (size, seed) => {
        const sent = Array.from({ length: size }, (_, n) => ({ n }));
        const division = divide(operation, { [items]: sent, More: true }, seed);
        if (division === undefined || 'error' in division) throw new Error('no partial failure');
        const forwarded = list(division.forward?.[items]);
        if (division.forward !== undefined) expect(division.forward.More).toBe(true);

        const answer = division.merge({ [results]: forwarded.map((item) => ({ done: item })), Other: 1 });

        const merged = list(answer[results]);
        expect(merged).toHaveLength(size);
        const failures = merged.filter((result) => member(result, failed) !== undefined);
        expect(failures.length).toBeGreaterThan(0);
        if (count !== undefined) expect(answer[count]).toBe(failures.length);
        for (const [n, result] of merged.entries()) {
          if (member(result, failed) === undefined) expect(result).toEqual({ done: { n } });
          else if (forwarded.some((item) => member(item, 'n') === n)) {
            appliedThough += 1;
            expect(JSON.stringify(result)).toContain(serverError);
          }
        }
      }),
    );
    expect(appliedThough).toBeGreaterThan(0);
  });

  it('keeps the failures that the service itself answers', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const division = divide(operation, { [items]: [1, 2, 3, 4] }, seed);
      if (division === undefined || 'error' in division) throw new Error('no partial failure');
      const own = { [failed]: 'its own' };
      const answer = division.merge({
        [results]: list(division.forward?.[items]).map(() => own),
        ...(count && { [count]: 9 }),
      });
      expect(list(answer[results]).every((result) => member(result, failed) !== undefined)).toBe(true);
      if (count !== undefined) expect(answer[count]).toBe(4);
    }
  });

  it('leaves a call without items to the service', () => {
    expect(divide(operation, {}, 1)).toBeUndefined();
    expect(divide(operation, { [items]: [] }, 1)).toBeUndefined();
    expect(divide(operation, { [items]: 'x' }, 1)).toBeUndefined();
  });
});

describe.each([
  ['dynamodb.BatchGetItem', 'UnprocessedKeys', (keys: Json[]): Json => ({ Keys: keys, ConsistentRead: true })],
  ['dynamodb.BatchWriteItem', 'UnprocessedItems', (items: Json[]): Json => items],
])('%s', (operation, left, part) => {
  const itemsOf = (value: Json | undefined): Json[] => list(Array.isArray(value) ? value : member(value, 'Keys'));

  it('processes each item or gives it back as it was asked for, with what the service leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }), fc.nat(), (sizes, seed) => {
        const tables = sizes.map((size, table) => Array.from({ length: size }, (_, n) => `${table}.${n}`));
        const asked = Object.fromEntries(tables.map((items, table) => [`t${table}`, part(items)]));
        const division = divide(operation, { RequestItems: asked }, seed);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        if (total === 0) {
          expect(division).toBeUndefined();
          return;
        }
        if (division === undefined) throw new Error('no failure');
        if ('error' in division) {
          expect(division.error.__type).toContain('#ProvisionedThroughputExceededException');
          return;
        }
        const sent = isJsonObject(division.forward?.RequestItems) ? division.forward.RequestItems : {};
        // The service leaves the last item of each table too.
        const leftByService = Object.fromEntries(
          Object.entries(sent).map(([table, value]) => [table, part(itemsOf(value).slice(-1))]),
        );
        const answer = division.merge({ Responses: {}, [left]: leftByService });
        const unprocessed = isJsonObject(answer[left]) ? answer[left] : {};
        for (const [table, items] of tables.entries()) {
          const processed = itemsOf(sent[`t${table}`]).slice(0, -1);
          expect([...processed, ...itemsOf(unprocessed[`t${table}`])].sort()).toEqual([...items].sort());
        }
        for (const value of Object.values(unprocessed)) expect(value).toEqual(part(itemsOf(value)));
      }),
    );
  });
});
