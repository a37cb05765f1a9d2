import { type ByProcess, type Disk, type Processes, sumOverProcesses } from './footprint.ts';

/** One measurement of the runtime from outside. */
export interface Sample extends Processes {
  /** Time since the first record. */
  seconds: number;
  /** Records up to the ingest pipe's checkpoint. */
  done: number;
  disk: Disk;
}

/** A tenth of the records. */
export interface Tenth {
  /** Records that were done at its end. */
  done: number;
  recordsPerSecond: number;
  /** Milliseconds of processor time for a record. */
  cpuMillisecondsPerRecord: ByProcess;
  /** Maximum over all its samples, of all processes together. */
  peakResidentMegabytes: number;
  peakProportionalMegabytes: number;
  /** Maximum of each process. */
  peakResident: ByProcess;
  /** At its end. */
  disk: Disk;
}

/**
 * Splits a run into ten parts of about the same number of records, at the first sample after each boundary. Empty parts
 * are left out. The first sample must be from before the first record.
 */
export function tenths(samples: readonly Sample[]): Tenth[] {
  const total = samples.at(-1)?.done ?? 0;
  const parts: Tenth[] = [];
  const [first] = samples;
  if (first === undefined) return [];
  let from = { index: 0, seconds: first.seconds, done: first.done, cpuSeconds: first.cpuSeconds };
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const index = samples.findIndex(({ done }) => done >= (total * tenth) / 10);
    const last = samples[index];
    if (last === undefined || last.done === from.done) continue;
    const within = samples.slice(from.index, index + 1);
    const peak = (of: (sample: Sample) => number) => Math.max(...within.map(of));
    const records = last.done - from.done;
    const { cpuSeconds } = last;
    const used = (name: keyof ByProcess) => ((cpuSeconds[name] - from.cpuSeconds[name]) * 1000) / records;
    parts.push({
      done: last.done,
      recordsPerSecond: records / (last.seconds - from.seconds),
      cpuMillisecondsPerRecord: {
        runtime: used('runtime'),
        dynamodb: used('dynamodb'),
        functions: used('functions'),
      },
      peakResidentMegabytes: peak(({ resident }) => sumOverProcesses(resident)),
      peakProportionalMegabytes: peak(({ proportional }) => proportional),
      peakResident: {
        runtime: peak(({ resident }) => resident.runtime),
        dynamodb: peak(({ resident }) => resident.dynamodb),
        functions: peak(({ resident }) => resident.functions),
      },
      disk: last.disk,
    });
    from = { index: index + 1, seconds: last.seconds, done: last.done, cpuSeconds };
  }
  return parts;
}
