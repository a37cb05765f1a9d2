/** What the console's own calls of AWS cost. */
export interface CallCosts {
  /** Since the console was started. */
  readonly calls: number;
  readonly usd: number;
  /** At the rate of the last ten minutes. */
  readonly usdPerHour: number;
}
