/** What a redrive did for one pipe. */
export interface PipeReport {
  readonly pipe: string;
  /** Messages found in its dead-letter queue. */
  readonly messages: number;
  /** Messages removed, because all of their records are settled. */
  readonly removed: number;
  /** Records that have left their stream. */
  readonly expired: number;
  readonly kept: readonly { readonly why: string; readonly detail: string }[];
  readonly keptCount: number;
  /** Records by what became of them, those that there are: `stored`, `duplicate`; `delivered again` of archives. */
  readonly outcomes: readonly { readonly outcome: string; readonly records: number }[];
}
