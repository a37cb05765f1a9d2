import type { RecordOutcome, SettledRecord } from './settle-record.ts';

/** A dead-letter message that stays in its queue, and why. */
export interface KeptMessage {
  message: string;
  /** `expired`: records have left the stream. `failed`: repeat redrive. `foreign`: no pointer of this pipe. */
  why: 'expired' | 'failed' | 'foreign';
  detail: string;
}

/** What redrive did for one pipe. */
export interface PipeReport {
  pipe: string;
  /** Messages found. */
  messages: number;
  /** Messages taken from the queue: every record of theirs is settled. */
  removed: number;
  /** Records that have left their stream; nobody can read them any more. */
  expired: number;
  /** The first {@link mostNamed} messages that stay. */
  kept: KeptMessage[];
  keptCount: number;
}

export interface IngestReport extends PipeReport {
  outcomes: Record<RecordOutcome, number>;
  /** The first {@link mostNamed} records that a person may want to look at: quarantined, unproved. */
  named: SettledRecord[];
}

export interface ArchiveReport extends PipeReport {
  /** Rows handed to Firehose again. */
  rows: number;
}

export interface RedriveReport {
  dryRun: boolean;
  ingest: IngestReport;
  archives: ArchiveReport[];
}

/** So many are named one by one; the rest is only counted. */
export const mostNamed = 1000;

export function emptyPipeReport(pipe: string): PipeReport {
  return { pipe, messages: 0, removed: 0, expired: 0, kept: [], keptCount: 0 };
}

export function emptyOutcomes(): Record<RecordOutcome, number> {
  return {
    stored: 0,
    counted: 0,
    'nothing-to-do': 0,
    duplicate: 0,
    dropped: 0,
    deleted: 0,
    quarantined: 0,
    unproved: 0,
  };
}

export function keep(report: PipeReport, message: KeptMessage): void {
  report.keptCount += 1;
  if (report.kept.length < mostNamed) report.kept.push(message);
}

/** Whether everything is settled and proved. */
export function isClean({ ingest, archives }: RedriveReport): boolean {
  return (
    [ingest, ...archives].every(({ keptCount, expired }) => keptCount === 0 && expired === 0) &&
    ingest.outcomes.unproved === 0
  );
}
