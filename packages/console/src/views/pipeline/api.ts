import type { Fact } from '../../fact.ts';
import type { Status } from '../../status.ts';

/** What `/_console/api/pipeline` answers: how the stages hang together, what they did, and how they are. */
export interface PipelineReading {
  readonly status: Status;
  readonly lanes: readonly Lane[];
  readonly history: Fact<StageHistory>;
}

/** Stages in the order in which data goes through them. */
export interface Lane {
  readonly title: string;
  readonly stages: readonly Stage[];
}

/** What a stage is. */
export type StageKind =
  | 'producer'
  | 'stream'
  | 'pipe'
  | 'workflow'
  | 'table'
  | 'function'
  | 'delivery'
  | 'bucket'
  | 'quarantine'
  | 'queries';

/** A resource that data goes through. */
export interface Stage {
  readonly kind: StageKind;
  /** For people: `Ingest pipe`. */
  readonly title: string;
  /** The physical name; of a workflow its ARN, of a folder in S3 `bucket/prefix`. Empty for the producer. */
  readonly name: string;
  /** Whether it stands beside the stage before it, not behind it. */
  readonly isBeside?: true;
}

/** What the stages did in the last minutes. */
export interface StageHistory {
  /** The length of a period. */
  readonly periodSeconds: number;
  /** The begin of each period, epoch seconds, ascending. The last one is not over. */
  readonly at: readonly number[];
  readonly series: readonly StageSeries[];
}

/** One value for each period of one stage; null where it is not known, or nothing ever was. */
export interface StageSeries {
  readonly kind: StageKind;
  readonly name: string;
  /** `records`, `write units` */
  readonly label: string;
  readonly values: readonly (number | null)[];
}
