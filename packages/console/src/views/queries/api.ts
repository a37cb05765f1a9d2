/** A lake that Athena can be asked about. */
export type LakeName = 'tweets' | 'sales';

/** What `/_console/api/queries` answers. */
export interface QueryList {
  readonly queries: readonly ListedQuery[];
}

export interface ListedQuery {
  readonly lake: LakeName;
  readonly name: string;
  readonly description: string;
  readonly sql: string;
  readonly workGroup: string;
}

/** What `POST /_console/api/query` takes. */
export interface QueryOrder {
  readonly lake: LakeName;
  readonly name: string;
}

/** What it answers: the first rows of the result. */
export interface QueryOutcome {
  /** Athena's name of each column's type: `varchar`, `bigint`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as Athena prints them, null for NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly hasMore: boolean;
  /** What the query took, a sentence. */
  readonly cost: string;
  readonly executionId: string;
}
