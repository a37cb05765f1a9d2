import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Clock } from '@tweet-pipes/kit/clock';
import { type Order, type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { itemOf } from '@tweet-pipes/kit/orders/put-changes';
import fc from 'fast-check';
import { changesOfMinute } from '../../../functions/generate-orders/changes-of-minute.ts';
import { readConfiguration } from '../../../functions/generate-orders/configuration.ts';
import { minuteOf } from '../../../functions/generate-orders/minute-of.ts';
import { type PutOutcome, putChange } from '../../../functions/generate-orders/put-change.ts';
import { writeChanges } from '../../../functions/generate-orders/write-changes.ts';
import { writeMinute } from '../../../functions/generate-orders/write-minute.ts';
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

const place = (id: string, quantity?: number): OrderChange => ({ kind: 'place', order: order(id, quantity) });
const textOf = (change: OrderChange) =>
  change.kind === 'delete' ? `delete ${change.orderid}` : `${change.order.orderid} ${change.order.quantity}`;

/** Keeps what was asked for, in groups that were under way together; of each the first `itemsPerGroup` are taken. */
function tightTable(itemsPerGroup: readonly number[] = []) {
  const groups: string[][] = [];
  let open: string[] | undefined;
  const put = async (change: OrderChange): Promise<PutOutcome> => {
    const group: string[] = open ?? [];
    if (open === undefined) groups.push(group);
    open = group;
    group.push(textOf(change));
    const isTaken = group.length <= (itemsPerGroup[groups.length - 1] ?? group.length);
    await Promise.resolve();
    open = undefined;
    return isTaken ? 'written' : 'throttled';
  };
  return { groups, put };
}

describe('writing', () => {
  const clock: Clock = { now: () => 0, sleep: async () => {} };
  const random = { next: () => 0, uuid: () => '' };
  const write = (changes: readonly OrderChange[], { put }: ReturnType<typeof tightTable>, deleted: string[] = []) =>
    writeChanges(changes, { put, deletedAt: () => new Set(deleted), clock, random });

  it('has 25 changes at most under way, and the changes of one order one after the other', async () => {
    const table = tightTable();
    const changes: OrderChange[] = [
      place('a', 1),
      place('b'),
      { kind: 'update', order: order('a', 2) },
      { kind: 'delete', orderid: 'a' },
      ...Array.from({ length: 30 }, (_, index) => place(`c${index}`)),
    ];

    expect(await write(changes, table)).toBe(34);
    expect(table.groups.map(({ length }) => length)).toEqual([2, 1, 25, 6]);
    expect(table.groups.slice(0, 3).map(([first]) => first)).toEqual(['a 1', 'a 2', 'delete a']);
  });

  it('sends again what the table did not take, before it goes on', async () => {
    const table = tightTable([1, 0, 5]);
    await write([place('a'), place('b'), { kind: 'delete', orderid: 'a' }], table);

    expect(table.groups).toEqual([['a 1', 'b 1'], ['b 1'], ['b 1'], ['delete a']]);
  });

  it('writes of an order that is deleted by now the deletion only', async () => {
    const table = tightTable();
    await write([place('a'), place('b'), { kind: 'delete', orderid: 'a' }], table, ['a']);

    expect(table.groups).toEqual([['b 1'], ['delete a']]);
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

describe('a change', () => {
  const client = (answer: (command: { input: object }) => Promise<object>) => ({ send: jest.fn(answer) });
  const named = (name: string) => Object.assign(new Error('no'), { name });

  it('is put on condition that the table has nothing newer, and removed without one', async () => {
    const { send } = client(async () => ({}));
    expect(await putChange({ send }, 'orders', place('a'))).toBe('written');
    expect(await putChange({ send }, 'orders', { kind: 'delete', orderid: 'a' })).toBe('written');

    const inputs = send.mock.calls.map(([{ input }]) => input);
    expect(inputs).toEqual([
      {
        TableName: 'orders',
        Item: itemOf(order('a')),
        ConditionExpression: 'attribute_not_exists(orderid) OR updated_at < :at',
        ExpressionAttributeValues: { ':at': { S: '2026-11-20T10:00:00.000Z' } },
      },
      { TableName: 'orders', Key: { orderid: { S: 'a' } } },
    ]);
  });

  it.each([
    ['ConditionalCheckFailedException', 'older'],
    ['ThrottlingException', 'throttled'],
    ['ProvisionedThroughputExceededException', 'throttled'],
  ])('that is answered by %s is %s', async (name, outcome) => {
    const { send } = client(() => Promise.reject(named(name)));
    expect(await putChange({ send }, 'orders', place('a'))).toBe(outcome);
  });

  it('that is refused for another reason fails', async () => {
    const { send } = client(() => Promise.reject(named('AccessDeniedException')));
    await expect(putChange({ send }, 'orders', place('a'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

/** A table that keeps each state of an order, `deleted` too, with the condition of {@link putChange}. */
class HistoryTable {
  readonly states = new Map<string, (Order | 'deleted')[]>();

  readonly put = async (change: OrderChange): Promise<PutOutcome> => {
    const states = this.states.get(orderIdOf(change)) ?? [];
    const now = states.at(-1);
    if (change.kind === 'delete') {
      if (now === undefined || now === 'deleted') return 'written';
      states.push('deleted');
      return 'written';
    }
    if (now !== undefined && now !== 'deleted' && now.updated_at >= change.order.updated_at) return 'older';
    states.push(change.order);
    this.states.set(orderIdOf(change), states);
    return 'written';
  };

  /** The orders that are there. */
  items(): Order[] {
    const last = [...this.states.values()].map((states) => states.at(-1));
    return last.filter((state) => state !== undefined && state !== 'deleted').toSorted(byId);
  }
}

const byId = (a: Order, b: Order) => (a.orderid < b.orderid ? -1 : 1);

describe('a minute that is run again', () => {
  const changesPerMinute = 40;
  const minutes = [1, 2, 3, 4, 5];
  /** No run is later, since later minutes delete orders too. */
  const endMs = startMs + 6 * minuteMs - 1;
  const random = { next: () => 0, uuid: () => '' };
  const runAt = (table: HistoryTable, minute: number, nowMs: number) => {
    const clock: Clock = { now: () => nowMs, sleep: async () => {} };
    return writeMinute({ atMs: startMs + minute * minuteMs, changesPerMinute, put: table.put, clock, random });
  };
  const afterEachOnce = new Map<string, Order>();
  for (const change of minutes.flatMap((minute) => changesOfMinute(startMs + minute * minuteMs, changesPerMinute))) {
    if (change.kind === 'delete') afterEachOnce.delete(change.orderid);
    else afterEachOnce.set(change.order.orderid, change.order);
  }

  it('leads no order back, brings none back, and leaves the table as it was, however late and often', async () => {
    const late = fc.record({ minute: fc.constantFrom(...minutes), lateMs: fc.integer({ min: 0, max: 240_000 }) });
    const once = fc.tuple(
      ...minutes.map((minute) => fc.record({ minute: fc.constant(minute), lateMs: late.map(({ lateMs }) => lateMs) })),
    );
    await fc.assert(
      fc.asyncProperty(once, fc.array(late, { maxLength: 8 }), async (needed, more) => {
        const runs = [...needed, ...more].map(({ minute, lateMs }) => ({
          minute,
          nowMs: Math.min(startMs + minute * minuteMs + lateMs, endMs),
        }));
        const table = new HistoryTable();
        for (const { minute, nowMs } of runs.toSorted((a, b) => a.nowMs - b.nowMs)) await runAt(table, minute, nowMs);

        expect(table.items()).toEqual([...afterEachOnce.values()].toSorted(byId));
        for (const states of table.states.values()) {
          const times = states.map((state) => (state === 'deleted' ? '9' : state.updated_at));
          expect(times).toEqual([...new Set(times)].toSorted());
        }
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('deletes something in these minutes that it had placed', () => {
    const placed = new Set<string>();
    const deleted = minutes
      .flatMap((minute) => changesOfMinute(startMs + minute * minuteMs, changesPerMinute))
      .filter((change) => {
        if (change.kind === 'place') placed.add(change.order.orderid);
        return change.kind === 'delete' && placed.has(change.orderid);
      });
    expect(deleted.length).toBeGreaterThan(0);
  });

  it('learns of deletions while it waits for a table that is throttled', async () => {
    const table = new HistoryTable();
    let nowMs = startMs + minuteMs;
    const clock: Clock = {
      now: () => nowMs,
      // The next minutes run while this one waits.
      sleep: async () => {
        nowMs = startMs + 5 * minuteMs;
        for (const minute of minutes.slice(1)) await runAt(table, minute, nowMs);
      },
    };
    let isThrottled = true;
    const put = async (change: OrderChange): Promise<PutOutcome> => {
      if (nowMs === startMs + minuteMs && isThrottled) return 'throttled';
      isThrottled = false;
      return table.put(change);
    };
    await writeMinute({ atMs: startMs + minuteMs, changesPerMinute, put, clock, random });

    expect(table.items()).toEqual([...afterEachOnce.values()].toSorted(byId));
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
