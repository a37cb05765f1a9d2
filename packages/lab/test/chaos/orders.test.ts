import { describe, expect, it } from '@jest/globals';
import type { OrderRow } from '@tweet-pipes/cli/verification/compare-orders';
import type { Order, OrderChange } from '@tweet-pipes/kit/orders/order';
import { itemOf } from '@tweet-pipes/kit/orders/put-changes';
import { judgeOrders, type OrderContent } from '../../src/chaos/orders.ts';

const placed: Order = {
  orderid: 'o1',
  product: 'Teapot',
  category: 'Home',
  price_minor: 2450,
  quantity: 2,
  currency: 'EUR',
  customer: 'Ada Byron',
  country: 'DE',
  status: 'placed',
  created_at: '2026-11-29T10:00:00.000Z',
  updated_at: '2026-11-29T10:00:00.000Z',
};
const paid: Order = { ...placed, status: 'paid', updated_at: '2026-11-29T10:00:01.000Z' };
const gone: Order = { ...placed, orderid: 'o2' };
const changes = new Map<string, OrderChange[]>([
  [
    'o1',
    [
      { kind: 'place', order: placed },
      { kind: 'update', order: paid },
    ],
  ],
  [
    'o2',
    [
      { kind: 'place', order: gone },
      { kind: 'delete', orderid: 'o2' },
    ],
  ],
]);

const rowOf = (order: Order): OrderRow =>
  Object.fromEntries(Object.entries(order).map(([name, value]) => [name, String(value)]));
const inHistory = (order: Order): OrderRow => ({ ...rowOf(order), deleted: 'false' });
const nulls = Object.fromEntries(Object.keys(placed).map((name) => [name, null]));

const whole: OrderContent = {
  items: [itemOf(paid)],
  current: [rowOf(paid)],
  history: [inHistory(placed), inHistory(paid), inHistory(gone), { ...nulls, orderid: 'o2', deleted: 'true' }],
  revenue: [{ product: 'Teapot', currency: 'EUR', revenue_minor: '4900' }],
  failed: new Set(),
};

const differencesOf = (content: Partial<OrderContent>) =>
  judgeOrders({ ...whole, ...content }, changes).differences.map(({ where, key }) => `${where} ${key}`);

describe('the verdict on the sales lake', () => {
  it('is right about what was written, also twice in a row', () => {
    expect(judgeOrders(whole, changes)).toEqual({ changes: 4, orders: 2, differences: [], leftOut: 0 });
    const [first, ...others] = whole.history;
    expect(differencesOf({ history: [first ?? {}, ...whole.history.slice(0, 1), ...others] })).toEqual([]);
  });

  it.each<[string, Partial<OrderContent>, string[]]>([
    ['an order that is missing', { current: [] }, ['orders o1']],
    ['a field of another value', { current: [{ ...rowOf(paid), country: 'AT' }] }, ['orders o1']],
    ['a deleted order that is there', { current: [rowOf(paid), rowOf(gone)] }, ['orders o2']],
    ['a change that is missing', { history: whole.history.slice(1) }, ['history o1']],
    ['changes in another order', { history: whole.history.toReversed() }, ['history o2', 'history o1']],
    [
      'a change with a field of another value',
      { history: [{ ...inHistory(placed), quantity: '3' }, ...whole.history.slice(1)] },
      ['history o1'],
    ],
    ['a cent', { revenue: [{ product: 'Teapot', currency: 'EUR', revenue_minor: '4901' }] }, ['revenue Teapot, EUR']],
    [
      'revenue of nothing',
      { revenue: [...whole.revenue, { product: 'Cup', currency: 'EUR', revenue_minor: '1' }] },
      ['revenue Cup, EUR'],
    ],
  ])('notices %s', (_, content, expected) => {
    expect(differencesOf(content)).toEqual(expected);
  });

  it('leaves out orders of which Firehose gave up changes, and then revenue', () => {
    const content = { current: [], history: whole.history.slice(1), revenue: [], failed: new Set(['o1']) };
    expect(judgeOrders({ ...whole, ...content }, changes)).toMatchObject({ differences: [], leftOut: 1 });
  });
});
