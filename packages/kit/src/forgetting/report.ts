import type { SearchedFolder } from './folders.ts';

/** What a run did; of a dry run, what it would have done. */
export interface ForgettingReport {
  dryRun: boolean;
  /** Whether the run ended its work. If not, the next run goes on where it stopped. */
  isComplete: boolean;
  tombstones: number;
  /** Tombstones that everything was searched for in this run. */
  forgotten: number;
  /** Tombstones that not everything was searched for yet. */
  left: number;
  objectsRead: number;
  /** As they are stored. */
  bytesRead: number;
  objectsRewritten: number;
  /** As they are stored. */
  bytesWritten: number;
  /** Noncurrent versions that held deleted tweets. */
  versionsRemoved: number;
  /** Results of queries that may have held deleted tweets. */
  resultsRemoved: number;
  /** Rows and records that were removed, blanked or stripped, by folder. */
  rows: Record<SearchedFolder['name'], number>;
}

/** A report of nothing. */
export function emptyReport(dryRun: boolean): ForgettingReport {
  return {
    dryRun,
    isComplete: true,
    tombstones: 0,
    forgotten: 0,
    left: 0,
    objectsRead: 0,
    bytesRead: 0,
    objectsRewritten: 0,
    bytesWritten: 0,
    versionsRemoved: 0,
    resultsRemoved: 0,
    rows: { quarantine: 0, archive: 0, archiveErrors: 0, lakeErrors: 0, sentiment: 0, lake: 0 },
  };
}
