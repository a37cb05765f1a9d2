/** Four orders. The last one has no price, quantity or time. */
export const orders = [
  {
    ...{ orderid: 1, product: 'tea', price: 10.0, quantity: 2, ordered_at: '2026-11-20 10:05:00' },
    ...{ customer: 'ann', tags: ['a', 'b'], attrs: { color: 'red' } },
  },
  {
    ...{ orderid: 2, product: 'tea', price: 10.01, quantity: 1, ordered_at: '2026-11-20 11:05:00' },
    ...{ customer: 'bob', tags: [], attrs: {} },
  },
  {
    ...{ orderid: 3, product: 'mug', price: 7.5, quantity: 3, ordered_at: '2026-11-21 10:00:00' },
    ...{ customer: 'ann', tags: ['c'], attrs: { color: 'blue', size: 'L' } },
  },
  { orderid: 4, product: 'mug', customer: 'cho' },
];

/** The columns of the orders in the catalog's types. */
export const orderColumns = {
  orderid: 'bigint',
  product: 'string',
  price: 'decimal(10,2)',
  quantity: 'int',
  ordered_at: 'timestamp',
  customer: 'string',
  tags: 'array<string>',
  attrs: 'map<string,string>',
};
