import type { Figure, Ratio } from './measurements.ts';

/** What a subject may use. */
export interface BenchContext {
  /** An empty folder, removed after the run. */
  folder: string;
  /** How often each comparison is repeated. */
  rounds: number;
  /** The most records of the growth subject. */
  growthRecords: number;
  /** For the Node of the runtimes, before the script: `--cpu-prof`. */
  nodeFlags: readonly string[];
  /** Aborted by Ctrl-C. Subjects look at it between steps and throw its reason. */
  signal: AbortSignal;
  /** Says what is being done, for the progress line. */
  doing(what: string): void;
}

export interface SubjectResult {
  figures: Figure[];
  ratios: Ratio[];
  /** Sentences that the figures need to be understood. */
  notes: string[];
}

/** Something that the bench measures, chosen by its name. */
export interface Subject {
  name: string;
  /** For --help: what it measures, in a few words. */
  description: string;
  run(context: BenchContext): Promise<SubjectResult>;
}
