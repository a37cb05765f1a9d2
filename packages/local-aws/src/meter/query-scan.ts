/** Sizes of the price list are decimal, https://aws.amazon.com/athena/pricing/ */
const MEGABYTE = 1_000_000;
const LEAST_MEGABYTES = 10;

/** A query that is over. */
export interface EndedQuery {
  state: string;
  /** `DML` for SELECT. */
  statementType: string;
  scannedBytes: number;
}

/** The bytes that Athena bills a query for, by the rules of `athenaScannedBytes`. */
export function billedScanBytes({ state, statementType, scannedBytes }: EndedQuery): number {
  if (statementType !== 'DML' || state === 'FAILED' || (state === 'CANCELLED' && scannedBytes === 0)) return 0;
  return Math.max(LEAST_MEGABYTES, Math.ceil(scannedBytes / MEGABYTE)) * MEGABYTE;
}
