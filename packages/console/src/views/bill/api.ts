import type { Fact } from '../../fact.ts';

/** What `/_console/api/bill` answers. */
export type BillReading =
  /** On AWS: the account's own bill is the only true one. */
  { readonly isLocal: false; readonly region: string } | (LocalBill & { readonly isLocal: true });

/** What AWS would charge for what the local runtime did since it was started. */
export interface LocalBill {
  /** `list prices of us-east-1 as of 2026-11, no free tier` */
  readonly prices: string;
  /** Stacks with their bill so far, the dearest first. */
  readonly session: PricedPart;
  /** Records that came into the stream of tweets since then. */
  readonly records: number;
  /** The same for a million such records; unknown before the first record. */
  readonly perMillion: Fact<PricedPart>;
  /** For a month in which no record comes. */
  readonly standing: PricedPart;
}

export interface PricedPart {
  readonly usd: number;
  readonly lines: readonly PricedLine[];
}

/** `amount` × `usdPerUnit` = `usd`. */
export interface PricedLine {
  readonly stack: string;
  readonly label: string;
  readonly amount: number;
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly usd: number;
  /** What is counted, and how. */
  readonly explanation: string;
  /** Where the price was found. */
  readonly source: string;
  /** Whether the price was seen at its source, not recalled. */
  readonly isSeen: boolean;
}
