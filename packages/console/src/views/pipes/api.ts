import type { PipeReport } from './redrive.ts';

/** What `/_console/api/pipes` answers. */
export interface PipeList {
  readonly pipes: readonly PipeDetail[];
  /** The latest redrive of this session; null without one. */
  readonly redrive: RedriveState | null;
}

/** A pipe as DescribePipe gives it. */
export interface PipeDetail {
  readonly name: string;
  /** `Ingest` */
  readonly title: string;
  readonly state: string;
  readonly desired: string;
  readonly reason: string | null;
  readonly description: string;
  /** ARNs. */
  readonly source: string;
  readonly enrichment: string | null;
  readonly target: string;
  readonly deadLetterQueue: string | null;
  /** Settings by their names in AWS: `BatchSize`. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

/** What `POST /_console/api/pipe` takes. */
export interface PipeOrder {
  readonly name: string;
  readonly action: 'start' | 'stop';
}

/** What `POST /_console/api/redrive` takes. */
export interface RedriveOrder {
  /** Says what would be done, and changes nothing. */
  readonly dryRun: boolean;
  /** Stops the ingest pipe first, if it runs, and starts it in the end. */
  readonly stop: boolean;
  /** Also removes dead letters whose records have left the stream. */
  readonly dismissExpired: boolean;
}

/** A redrive, and how far it is. */
export interface RedriveState {
  readonly order: RedriveOrder;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Messages followed in the queue at hand; null before the first. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  /** What it waits for, as it said last. */
  readonly note: string | null;
  /** Null while it runs, or when it failed. */
  readonly reports: readonly PipeReport[] | null;
  /** Whether everything is settled and proved. */
  readonly isClean: boolean | null;
  /** Why it failed or was refused. */
  readonly failure: string | null;
}
