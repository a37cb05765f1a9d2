import type { Figure, Ratio } from './measurements.ts';

/** What a subject gets from the bench. */
export interface BenchContext {
  /** An empty folder, removed after the run. */
  folder: string;
  /** Repetitions of each comparison. */
  rounds: number;
  /** Maximum number of records of the growth subject. */
  growthRecords: number;
  /** Counters in the table when looking measures the page of hashtags. */
  counters: number;
  /** Flags for the Node of the runtimes: `--cpu-prof`. */
  nodeFlags: readonly string[];
  /** Aborted by Ctrl-C. Subjects check it between steps and throw its reason. */
  signal: AbortSignal;
  /** Reports the current step, for the progress line. */
  doing(what: string): void;
}

/** What a subject measured. */
export interface SubjectResult {
  figures: Figure[];
  ratios: Ratio[];
  /** Sentences that explain the figures. */
  notes: string[];
}

/** Something that the bench measures, chosen by its name. */
export interface Subject {
  name: string;
  /** What it measures, in a few words, for --help. */
  description: string;
  run(context: BenchContext): Promise<SubjectResult>;
}
