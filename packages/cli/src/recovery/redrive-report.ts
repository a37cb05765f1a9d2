import type { RecordOutcome, SettledRecord } from './settle-record.ts';

/** A dead-letter message that stays in its queue, and why. */
export interface KeptMessage {
  message: string;
  /** `expired`: records have left the stream. `failed`: run redrive again. `foreign`: no dead letter of this pipe. */
  why: 'expired' | 'failed' | 'foreign';
  detail: string;
}

/** What redrive did for one pipe. */
export interface PipeReport {
  pipe: string;
  /** Messages found. */
  messages: number;
  /** Messages removed from the queue, because all of their records are settled. */
  removed: number;
  /** Records that have left their stream and can no longer be read. */
  expired: number;
  /** The first {@link mostNamed} messages that stay in the queue. */
  kept: KeptMessage[];
  keptCount: number;
}

export interface IngestReport extends PipeReport {
  outcomes: Record<RecordOutcome, number>;
  /** The first {@link mostNamed} quarantined and unproved records. */
  named: SettledRecord[];
}

/** What redrive did for a pipe that delivers rows. */
export interface DeliveryReport extends PipeReport {
  /** Records delivered again. */
  rows: number;
}

export interface RedriveReport {
  dryRun: boolean;
  /** Null where the pipeline of tweets is not deployed. */
  ingest: IngestReport | null;
  archives: DeliveryReport[];
  /** Pipes of the stacks beside the core: those for sentiment and for orders. */
  others: DeliveryReport[];
}

/** Maximum number of messages, and of records, reported individually; the rest is only counted. */
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
export function isClean({ ingest, archives, others }: RedriveReport): boolean {
  const pipes = [...(ingest === null ? [] : [ingest]), ...archives, ...others];
  return (
    pipes.every(({ keptCount, expired }) => keptCount === 0 && expired === 0) && (ingest?.outcomes.unproved ?? 0) === 0
  );
}
