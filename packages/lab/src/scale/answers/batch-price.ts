import { counterUnits } from '@tweet-pipes/cli/costs/counter-units';
import { readPriceList } from '@tweet-pipes/cli/costs/price-list';
import type { Outcome } from '../simulation/simulate.ts';
import { MARK_UPDATES } from '../simulation/workflow.ts';

/**
 * The smallest step of Express memory, 64 MB: 50 MB and the definition and the payloads are within it.
 * https://aws.amazon.com/step-functions/pricing/
 */
const GIGABYTES = 0.0625;
/** Durations are billed in steps of 100 ms, which adds half a step on average. */
const ROUNDING_SECONDS = 0.05;

/**
 * USD for a million tweets, of the cost that depends on the size of batches: executions, their duration, updates of
 * counters, which all shards have counted before. `npx tweet-pipes cost` shows the whole bill.
 */
export function batchPrice(outcome: Outcome, given: { shards: number; seconds: number; counterItems: number }): number {
  const { prices } = readPriceList();
  const usd = (item: 'expressRequests' | 'expressGigabyteSeconds' | 'dynamodbWriteUnits', amount: number) =>
    (amount / prices[item].per) * prices[item].usd;
  const busySeconds = outcome.utilisation * given.shards * given.seconds;
  const coldUnits = outcome.coldUpdates * counterUnits(given.shards, given.counterItems);
  const dollars =
    usd('expressRequests', outcome.executions) +
    usd('expressGigabyteSeconds', (busySeconds + outcome.executions * ROUNDING_SECONDS) * GIGABYTES) +
    usd('dynamodbWriteUnits', outcome.executions * MARK_UPDATES + coldUnits + outcome.hot.unitsServed);
  return (dollars / Math.max(1, outcome.done)) * 1e6;
}
