import { readPriceList } from '../costs/price-list.ts';

/**
 * Least bytes that a query is billed for, https://aws.amazon.com/athena/pricing/. Statements about the catalog, and
 * queries that fail, are free.
 */
const leastBilledBytes = 10_000_000;

/** What Athena bills for a query that scanned so much, in USD: list price of us-east-1. */
export function queryCostUsd(scannedBytes: number): number {
  const { usd, per } = readPriceList().prices.athenaScannedBytes;
  return (Math.max(scannedBytes, leastBilledBytes) / per) * usd;
}
