import { describe, expect, it } from '@jest/globals';
import { type ChangeOptions, changeDefaults } from '../../src/orders/change-options.ts';
import { generateChanges } from '../../src/orders/generate-changes.ts';
import { markets } from '../../src/orders/markets.ts';
import type { OrderChange, OrderStatus } from '../../src/orders/order.ts';
import { makeProducts } from '../../src/orders/products.ts';

const startMs = Date.parse('2026-11-20T10:00:00.000Z');

function changes(count: number, options: Partial<ChangeOptions> = {}): OrderChange[] {
  let nowMs = startMs;
  const generated: OrderChange[] = [];
  for (const change of generateChanges({ ...changeDefaults, ...options }, () => nowMs++)) {
    generated.push(change);
    if (generated.length === count) break;
  }
  return generated;
}

/** What may follow a status. */
const followers: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ['paid', 'cancelled'],
  paid: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: ['returned'],
  returned: [],
  cancelled: [],
};

describe('generated changes', () => {
  const many = changes(20_000);

  it('are the same for a seed, and share no order with another', () => {
    expect(changes(500)).toEqual(changes(500));
    const ids = (seed: number) =>
      changes(500, { seed }).flatMap((each) => (each.kind === 'place' ? each.order.orderid : []));
    expect(new Set([...ids(1), ...ids(2)]).size).toBe(ids(1).length + ids(2).length);
  });

  it('are the same beside another generator', () => {
    const alone = changes(50, { seed: 1 });
    const [first, second] = [1, 2].map((seed) => {
      let nowMs = startMs;
      return generateChanges({ ...changeDefaults, seed }, () => nowMs++);
    });
    const beside = alone.map(() => [first?.next().value, second?.next().value][0]);

    expect(beside).toEqual(alone);
  });

  it('lead each order from placed along its statuses, and touch no order that was deleted', () => {
    const statuses = new Map<string, OrderStatus>();
    for (const change of many) {
      if (change.kind === 'delete') {
        expect(statuses.delete(change.orderid)).toBe(true);
        continue;
      }
      const { orderid, status } = change.order;
      const before = statuses.get(orderid);
      expect(before === undefined ? ['placed'] : followers[before]).toContain(status);
      expect(change.kind).toBe(before === undefined ? 'place' : 'update');
      statuses.set(orderid, status);
    }
    expect(new Set(statuses.values())).toEqual(new Set(Object.keys(followers)));
  });

  it('change the status and the time of an order only', () => {
    const orders = new Map<string, object>();
    for (const change of many) {
      if (change.kind === 'delete') continue;
      const { status: _, updated_at: __, ...rest } = change.order;
      expect(rest).toEqual(orders.get(rest.orderid) ?? rest);
      orders.set(rest.orderid, rest);
      expect(Date.parse(change.order.updated_at)).toBeGreaterThanOrEqual(Date.parse(change.order.created_at));
    }
  });

  it('have the shares that are asked for', () => {
    const share = (kind: OrderChange['kind']) => many.filter((each) => each.kind === kind).length / many.length;

    expect(share('update')).toBeCloseTo(0.3, 1);
    expect(share('delete')).toBeCloseTo(0.02, 2);
    expect(changes(100, { updates: 0, deletes: 0 }).every(({ kind }) => kind === 'place')).toBe(true);
    expect(changes(1, { updates: 0, deletes: 1 })).toMatchObject([{ kind: 'place' }]);
  });

  it('are refused for shares above 1', () => {
    expect(() => changes(1, { updates: 0.9, deletes: 0.2 })).toThrow('1.1 together, but must be at most 1');
  });

  it('have whole prices in the smallest unit of the currency of their country', () => {
    const prices = new Map(makeProducts().map(({ product, cents }) => [product, cents]));
    for (const change of many.slice(0, 2_000)) {
      if (change.kind === 'delete') continue;
      const { product, price_minor, quantity, country, currency, customer, category } = change.order;
      const market = markets.find((each) => each.country === country);
      expect(currency).toBe(market?.currency);
      expect(price_minor).toBe(Math.round((prices.get(product) ?? Number.NaN) * (market?.minorPerCent ?? 0)));
      expect([1, 2, 3, 4, 5]).toContain(quantity);
      expect([customer, category].every((text) => text.length > 0)).toBe(true);
    }
    expect(prices.size).toBe(40);
  });
});
