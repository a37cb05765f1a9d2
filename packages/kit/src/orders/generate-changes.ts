import { faker } from '@faker-js/faker/locale/en';
import { type Random, seededRandom } from '../random.ts';
import { type ChangeOptions, checkShares } from './change-options.ts';
import { markets } from './markets.ts';
import type { Order, OrderChange, OrderStatus } from './order.ts';
import { makeProducts, type Product } from './products.ts';

/** How many orders are remembered for later changes; the oldest goes first. */
const mostOpen = 500;

/** The generator draws this number of open orders, and the most advanced of them takes its next status. So some end. */
const candidates = 4;

const cancelledShare = 0.08;
const returnedShare = 0.12;
const mostPieces = 5;

/**
 * Changes of orders without end: new ones, their way from `placed` to `delivered`, returned or cancelled ones, and
 * deletions. The same options give the same changes but for their times, which are those of the clock, in milliseconds
 * since the epoch. Throws RangeError for shares above 1.
 */
export function* generateChanges(options: ChangeOptions, now: () => number): Generator<OrderChange> {
  const { seed, updates, deletes } = options;
  checkShares(options);
  const random = seededRandom(seed);
  const products = makeProducts();
  const open: Order[] = [];
  const closed: Order[] = [];
  for (;;) {
    const chance = random.next();
    if (chance < deletes) {
      const deleted = takeAny(random, open, closed);
      if (deleted !== undefined) {
        yield { kind: 'delete', orderid: deleted.orderid };
        continue;
      }
    } else if (chance < deletes + updates) {
      const order = takeFurthest(random, open);
      if (order !== undefined) {
        const updated = { ...order, status: nextStatus(random, order.status), updated_at: iso(now()) };
        remember(isClosed(random, updated.status) ? closed : open, updated);
        yield { kind: 'update', order: updated };
        continue;
      }
    }
    const placed = newOrder(random, products, iso(now()));
    remember(open, placed);
    yield { kind: 'place', order: placed };
  }
}

function newOrder(random: Random, products: readonly Product[], at: string): Order {
  // One generator is shared by the process, so each order begins it anew.
  faker.seed(Math.floor(random.next() * 2 ** 32));
  const { product, category, cents } = faker.helpers.arrayElement(products);
  const { country, currency, minorPerCent } = faker.helpers.arrayElement(markets);
  return {
    orderid: random.uuid(),
    product,
    category,
    price_minor: Math.round(cents * minorPerCent),
    quantity: faker.number.int({ min: 1, max: mostPieces }),
    currency,
    customer: faker.person.fullName(),
    country,
    status: 'placed',
    created_at: at,
    updated_at: at,
  };
}

function nextStatus(random: Random, status: OrderStatus): OrderStatus {
  const isCancelled = random.next() < cancelledShare;
  switch (status) {
    case 'placed':
      return isCancelled ? 'cancelled' : 'paid';
    case 'paid':
      return isCancelled ? 'cancelled' : 'shipped';
    case 'shipped':
      return 'delivered';
    case 'delivered':
      return 'returned';
    case 'returned':
    case 'cancelled':
      throw new RangeError(`An order that is ${status} stays so.`);
  }
}

/** Most delivered orders stay with their customers. */
function isClosed(random: Random, status: OrderStatus): boolean {
  return status === 'returned' || status === 'cancelled' || (status === 'delivered' && random.next() >= returnedShare);
}

const progress: Readonly<Record<OrderStatus, number>> = {
  placed: 0,
  paid: 1,
  shipped: 2,
  delivered: 3,
  returned: 4,
  cancelled: 4,
};

function takeFurthest(random: Random, open: Order[]): Order | undefined {
  let best = indexIn(random, open);
  for (let tried = 1; tried < candidates; tried += 1) {
    const other = indexIn(random, open);
    if (progressOf(open[other]) > progressOf(open[best])) best = other;
  }
  return open.splice(best, 1)[0];
}

function progressOf(order: Order | undefined): number {
  return order === undefined ? -1 : progress[order.status];
}

function takeAny(random: Random, open: Order[], closed: Order[]): Order | undefined {
  const index = Math.floor(random.next() * (open.length + closed.length));
  return index < open.length ? open.splice(index, 1)[0] : closed.splice(index - open.length, 1)[0];
}

function indexIn(random: Random, orders: readonly Order[]): number {
  return Math.floor(random.next() * orders.length);
}

function remember(orders: Order[], order: Order): void {
  orders.push(order);
  if (orders.length > mostOpen) orders.shift();
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
