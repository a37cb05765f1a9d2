import type { Units } from '@tweet-pipes/local-aws/meter/metered';
import { scaledUnits } from '@tweet-pipes/local-aws/meter/metered';
import { type Bill, makeBill } from './bill.ts';
import { objectsPerSecond } from './delivered-objects.ts';
import type { PriceList } from './price-list.ts';
import type { StackFacts } from './stack-facts.ts';
import { standingFor } from './standing.ts';
import { paidUnits } from './usage.ts';

/** Changes that a bill is for: the price of one is a small fraction of a cent. */
const billedChanges = 1_000_000;

/** Orders have no end, so their storage is paid for a month, and for each one after it again. */
const storedMonths = 1;

/** What a number of changes of orders used: of the stack, and the writes of the orders themselves. */
export interface MeasuredChanges {
  changes: number;
  units: Units;
  /** Orders that they left in the table. */
  orders: number;
  /** As DynamoDB counts it, on average, with its 100 for each item. */
  bytesPerOrder: number;
}

/** What changes of orders cost on AWS. */
export interface SalesBill {
  /** Changes that `perMillion` is for. */
  changes: number;
  perMillion: Bill;
  /** For a month without any change. */
  standing: Bill;
}

/**
 * Prices a million of such changes. With a rate, in changes a second, Firehose writes as many objects as it would at
 * that rate, at most as many as were measured.
 */
export function salesBill(
  { changes, units, orders, bytesPerOrder }: MeasuredChanges,
  { stack, facts, prices }: { stack: string; facts: StackFacts; prices: PriceList },
  changesPerSecond?: number,
): SalesBill {
  const million = scaledUnits(units, billedChanges / changes);
  const s3DeliveredObjects =
    changesPerSecond === undefined
      ? million.s3DeliveredObjects
      : Math.min(million.s3DeliveredObjects, objectsOf(million, facts, changesPerSecond));
  const used = {
    ...million,
    s3Writes: million.s3Writes - million.s3DeliveredObjects + s3DeliveredObjects,
    // The polls of an idle stream, which standingFor counts, include the reads of records.
    dynamodbStreamReads: 0,
  };
  const storedByteMonths = ((orders * bytesPerOrder * billedChanges) / changes) * storedMonths;
  const isOnDemand = facts.streams.some(({ shards }) => shards === 'on-demand');
  return {
    changes: billedChanges,
    perMillion: makeBill(
      {
        [stack]: {
          ...paidUnits(used, { ...facts, isOnDemand }),
          dynamodbStoredByteMonths: storedByteMonths,
          dynamodbRecoveryByteMonths: storedByteMonths,
        },
      },
      prices,
    ),
    standing: makeBill({ [stack]: standingFor(facts) }, prices),
  };
}

/** Objects of a million changes that come at this rate. */
function objectsOf(million: Units, { deliveries }: StackFacts, recordsPerSecond: number): number {
  const load = { recordsPerSecond, bytesPerRecord: million.kinesisIngestedBytes / billedChanges };
  const perSecond = deliveries.reduce((sum, delivery) => sum + objectsPerSecond(delivery, load), 0);
  return (perSecond * billedChanges) / recordsPerSecond;
}
