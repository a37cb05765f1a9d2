/** What an order can be. It begins as `placed`. */
export const orderStatuses = ['placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled'] as const;

/** The status of an order. */
export type OrderStatus = (typeof orderStatuses)[number];

/** An order, an item of the table `orders` (docs/sales.md). The names are those of attributes and columns. */
export interface Order {
  /** A UUID, the key. */
  orderid: string;
  product: string;
  category: string;
  /** Of one piece, in the smallest unit of the currency: cents, yen, fils. */
  price_minor: number;
  quantity: number;
  /** ISO 4217. */
  currency: string;
  /** A generated name. */
  customer: string;
  /** ISO 3166-1, two letters. */
  country: string;
  status: OrderStatus;
  /** ISO 8601 in UTC, milliseconds. */
  created_at: string;
  /** The same, of the last change. */
  updated_at: string;
}

/** A change of the table: an order as it is now, or one that is gone. */
export type OrderChange = { kind: 'place' | 'update'; order: Order } | { kind: 'delete'; orderid: string };

/** The key of the order that a change is about. */
export function orderIdOf(change: OrderChange): string {
  return change.kind === 'delete' ? change.orderid : change.order.orderid;
}
