import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '@tweet-pipes/kit/clock';
import { type Order, type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { itemOf } from '@tweet-pipes/kit/orders/put-changes';
import { changesOfMinute } from '../../../functions/generate-orders/changes-of-minute.ts';
import { readConfiguration } from '../../../functions/generate-orders/configuration.ts';
import { minuteOf } from '../../../functions/generate-orders/minute-of.ts';
import { writeChanges } from '../../../functions/generate-orders/write-changes.ts';
import { BundledHandler } from '../bundled-handler.ts';

const minuteMs = 60_000;
/** The begin of a window of half an hour. */
const startMs = Date.parse('2026-11-20T10:00:00Z');

describe('the changes of a minute', () => {
  it('are as many as asked for, in the minute, and the same when it is run again', () => {
    const atMs = startMs + 7 * minuteMs + 12_345;
    const changes = changesOfMinute(atMs, 100);

    expect(changes).toHaveLength(100);
    expect(changesOfMinute(atMs + 1000, 100)).toEqual(changes);
    for (const change of changes) {
      if (change.kind === 'delete') continue;
      const at = Date.parse(change.order.updated_at) - (startMs + 7 * minuteMs);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThan(minuteMs);
    }
  });

  it('go on with the orders of the minutes before', () => {
    const minutes = [0, 1, 2, 3].map((minute) => changesOfMinute(startMs + minute * minuteMs, 50));
    const placed = new Set<string>();
    const known = minutes.flat().map((change) => {
      const isKnown = change.kind === 'place' || placed.has(orderIdOf(change));
      placed.add(orderIdOf(change));
      return isKnown;
    });

    expect(known).not.toContain(false);
    expect(minutes[3]?.some((change) => change.kind === 'update')).toBe(true);
  });

  it('are none at a rate of 0', () => {
    expect(changesOfMinute(startMs, 0)).toEqual([]);
  });

  it('are those of the time that the schedule names, else of now', () => {
    expect(minuteOf({ scheduledTime: '2026-11-20T10:01:00Z' }, 5)).toBe(startMs + minuteMs);
    expect([minuteOf({}, 5), minuteOf(undefined, 5), minuteOf({ scheduledTime: 'soon' }, 5)]).toEqual([5, 5, 5]);
  });
});

const order = (orderid: string, quantity = 1): Order => ({
  orderid,
  product: 'p',
  category: 'c',
  price_minor: 100,
  quantity,
  currency: 'EUR',
  customer: 'A B',
  country: 'DE',
  status: 'placed',
  created_at: '2026-11-20T10:00:00.000Z',
  updated_at: '2026-11-20T10:00:00.000Z',
});

/** A table that accepts this number of items, by call, and reports the others as unprocessed. */
function tableOf(itemsPerCall: readonly number[] = []) {
  const calls: string[][] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof BatchWriteItemCommand)) throw new Error('no BatchWriteItem');
    const requests = command.input.RequestItems?.orders ?? [];
    calls.push(
      requests.map(
        ({ PutRequest, DeleteRequest }) =>
          `${PutRequest ? 'put' : 'delete'} ${(PutRequest?.Item ?? DeleteRequest?.Key)?.orderid?.S} ${PutRequest?.Item?.quantity?.N ?? ''}`,
      ),
    );
    const left = requests.slice(itemsPerCall[calls.length - 1] ?? requests.length);
    return { $metadata: {}, UnprocessedItems: left.length > 0 ? { orders: left } : {} };
  };
  return { calls, client: { send } };
}

describe('writing', () => {
  const clock: Clock = { now: () => 0, sleep: async () => {} };
  const write = (changes: readonly OrderChange[], { client }: ReturnType<typeof tableOf>) =>
    writeChanges(changes, { client, tableName: 'orders', clock, random: { next: () => 0, uuid: () => '' } });
  const place = (id: string, quantity?: number): OrderChange => ({ kind: 'place', order: order(id, quantity) });

  it('sends 25 changes at most, and changes of one order in calls of their own', async () => {
    const table = tableOf();
    await write(
      [
        place('a', 1),
        place('b'),
        { kind: 'update', order: order('a', 2) },
        { kind: 'delete', orderid: 'a' },
        ...Array.from({ length: 30 }, (_, index) => place(`c${index}`)),
      ],
      table,
    );

    expect(table.calls.map(({ length }) => length)).toEqual([2, 1, 25, 6]);
    expect(table.calls.slice(0, 3).map(([first]) => first)).toEqual(['put a 1', 'put a 2', 'delete a ']);
  });

  it('sends again what the table did not take, before it goes on', async () => {
    const table = tableOf([1, 0, 5]);
    await write([place('a'), place('b'), { kind: 'delete', orderid: 'a' }], table);

    expect(table.calls).toEqual([['put a 1', 'put b 1'], ['put b 1'], ['put b 1'], ['delete a ']]);
  });

  it('writes numbers as numbers, all else as text', () => {
    expect(itemOf(order('a', 3))).toMatchObject({
      orderid: { S: 'a' },
      price_minor: { N: '100' },
      quantity: { N: '3' },
      status: { S: 'placed' },
    });
  });
});

describe('the function', () => {
  it.each([
    [{ ORDER_TABLE: 'orders' }, 'CHANGES_PER_MINUTE'],
    [{ ORDER_TABLE: 'orders', CHANGES_PER_MINUTE: '-1' }, 'CHANGES_PER_MINUTE'],
    [{ CHANGES_PER_MINUTE: '1' }, 'ORDER_TABLE'],
  ])('names what is wrong in the environment %j', (environment, name) => {
    expect(() => readConfiguration(environment)).toThrow(name);
  });

  describe('bundled', () => {
    let bundled: BundledHandler;
    beforeAll(async () => {
      bundled = await BundledHandler.build('generate-orders');
    });
    afterAll(() => bundled.remove());

    it('does nothing at a rate of 0', async () => {
      const environment = { ORDER_TABLE: 'orders', CHANGES_PER_MINUTE: '0', AWS_REGION: 'us-east-1' };
      expect(await bundled.run({}, environment)).toEqual(['{"changes":0}']);
    });
  });
});
