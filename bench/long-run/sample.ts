import type { Disk, Resident } from './footprint.ts';

/** One look at the runtime from outside. */
export interface Sample {
  /** Since the first record was sent. */
  seconds: number;
  /** Records behind the ingest pipe's checkpoint. */
  done: number;
  resident: Resident;
  disk: Disk;
}

/** A tenth of the records. */
export interface Tenth {
  /** Records that were done at its end. */
  done: number;
  recordsPerSecond: number;
  /** The largest seen in it, runtime, engine and functions together. */
  peakResidentMegabytes: number;
  peakResident: Resident;
  /** At its end. */
  disk: Disk;
}

/** Cuts a run into ten parts of about the same number of records, at the samples nearest to their borders. Empty parts are left out. */
export function tenths(samples: readonly Sample[]): Tenth[] {
  const total = samples.at(-1)?.done ?? 0;
  const parts: Tenth[] = [];
  let from = { index: 0, seconds: 0, done: 0 };
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const index = samples.findIndex(({ done }) => done >= (total * tenth) / 10);
    const last = samples[index];
    if (last === undefined || last.done === from.done) continue;
    const within = samples.slice(from.index, index + 1).map(({ resident }) => resident);
    const peak = (name: keyof Resident) => Math.max(...within.map((resident) => resident[name]));
    parts.push({
      done: last.done,
      recordsPerSecond: (last.done - from.done) / (last.seconds - from.seconds),
      peakResidentMegabytes: Math.max(...within.map(allTogether)),
      peakResident: {
        runtime: peak('runtime'),
        dynamodb: peak('dynamodb'),
        functions: peak('functions'),
        proportional: peak('proportional'),
      },
      disk: last.disk,
    });
    from = { index: index + 1, seconds: last.seconds, done: last.done };
  }
  return parts;
}

export function allTogether({ runtime, dynamodb, functions }: Resident): number {
  return runtime + dynamodb + functions;
}
