import type { Outcome } from '../simulation/simulate.ts';

/** USD in us-east-1. https://aws.amazon.com/step-functions/pricing, https://aws.amazon.com/eventbridge/pricing, https://aws.amazon.com/dynamodb/pricing/on-demand, as of 2026-11. */
const PER_EXPRESS_REQUEST = 1e-6;
const PER_EXPRESS_GIGABYTE_SECOND = 1.667e-5;
const PER_PIPES_REQUEST = 0.4e-6;
const PER_WRITE_UNIT = 0.625e-6;
const PIPES_REQUEST_BYTES = 64 * 1024;
/** The smallest step of Express memory, 64 MB: 50 MB and the definition and the payloads are within it. */
const GIGABYTES = 0.0625;
/** Durations are billed in steps of 100 ms, so half of that more on average. */
const ROUNDING_SECONDS = 0.05;

/** What a million tweets cost of that which the size of batches changes, in USD: executions, their time, pipe requests, updates of counters. docs/costs.md has the whole bill. */
export function batchPrice(
  outcome: Outcome,
  given: { shards: number; seconds: number; inputBytesPerTweet: number },
): number {
  const busySeconds = outcome.utilisation * given.shards * given.seconds;
  const tweetsPerExecution = outcome.done / Math.max(1, outcome.executions);
  const pipesRequests = Math.ceil((tweetsPerExecution * given.inputBytesPerTweet) / PIPES_REQUEST_BYTES);
  const dollars =
    outcome.executions * (PER_EXPRESS_REQUEST + pipesRequests * PER_PIPES_REQUEST) +
    (busySeconds + outcome.executions * ROUNDING_SECONDS) * GIGABYTES * PER_EXPRESS_GIGABYTE_SECOND +
    (outcome.coldUpdates + outcome.hot.unitsServed) * PER_WRITE_UNIT;
  return (dollars / Math.max(1, outcome.done)) * 1e6;
}
