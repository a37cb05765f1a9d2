import { describe, expect, it } from '@jest/globals';
import { compareOrders } from '../../src/verification/compare-orders.ts';

const item = { orderid: { S: 'a' }, price_minor: { N: '1999' }, status: { S: 'paid' }, note: { NULL: true } } as const;
const row = {
  ...{ orderid: 'a', price_minor: '1999', status: 'paid', country: null, note: null },
  ...{ sequence: '0001', changed_at: '2026-11-20 10:00:00.000', misfits: null, datehour: '2026/11/20/10' },
};

describe('the comparison of orders', () => {
  it('finds nothing where the view has the items', () => {
    expect(compareOrders([item], [row])).toEqual([]);
    expect(compareOrders([], [])).toEqual([]);
  });

  it('reads binary and sets as the rows hold them', () => {
    const binary = { orderid: { S: 'a' }, blob: { B: new Uint8Array([0, 255]) }, blobs: { BS: [Buffer.from([1])] } };
    const text = { orderid: 'a', blob: 'AP8=', blobs: '["AQ=="]' };
    expect(compareOrders([binary], [text])).toEqual([]);
  });

  it('takes a value that its column cannot hold from the misfits', () => {
    const odd = { ...item, price_minor: { N: '19.99' } };
    const misfit = { ...row, price_minor: null, misfits: '{"price_minor":19.99}' };
    expect(compareOrders([odd], [misfit])).toEqual([]);
    expect(compareOrders([item], [misfit])).toEqual([
      { store: 'orders', key: 'a', problem: 'price_minor is "19.99" in current_orders, must be "1999"' },
    ]);
  });

  it("reads a table of one's own by its key, with columns that have the names of the change", () => {
    const invoice = { shopId: { S: 's' }, no: { N: '7' }, sequence: { N: '3' }, isPaid: { BOOL: true } };
    const columns = { shop_id: 's', no: '7', sequence_2: '3', is_paid: 'true', sequence: '0009', misfits: null };
    expect(compareOrders([invoice], [columns], ['shop_id', 'no'])).toEqual([]);
    expect(compareOrders([invoice], [{ ...columns, no: '8' }], ['shop_id', 'no']).map(({ key }) => key)).toEqual([
      's, 7',
      's, 8',
    ]);
  });

  it.each([
    ['an order that the view lacks', [item], [], 'is missing in current_orders'],
    ['an order that was deleted', [], [row], 'must not be in current_orders'],
    ['an order that is there twice', [item], [row, row], 'is in current_orders more than once'],
    ['an older status', [item], [{ ...row, status: 'placed' }], 'status is "placed" in current_orders, must be "paid"'],
    [
      'a price that is lost',
      [item],
      [{ ...row, price_minor: null }],
      'price_minor is NULL in current_orders, must be "1999"',
    ],
    [
      'a value that the item lacks',
      [item],
      [{ ...row, country: 'DE' }],
      'country is "DE" in current_orders, must be NULL',
    ],
  ])('finds %s', (_, items, rows, problem) => {
    expect(compareOrders(items, rows)).toEqual([{ store: 'orders', key: 'a', problem }]);
  });
});
