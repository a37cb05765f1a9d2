import type { Clock } from '@tweet-pipes/kit/clock';
import { untilAborted } from '@tweet-pipes/kit/until-aborted';
import { compactRecord } from './compact/compact-record.ts';
import { paced } from './paced.ts';
import type { Source, StreamRecord } from './record.ts';

/** How much of a source to read, how fast, and in which form. */
export interface Controls {
  clock: Clock;
  /** Leaves records as they are; else {@link compactRecord}, unless the source has done that. */
  isRaw?: boolean;
  /** Restarts the source at its end. It must be repeatable. */
  isLooped?: boolean;
  /** Records. */
  limit?: number | undefined;
  durationSeconds?: number | undefined;
  /** Records a second. */
  rate?: number | undefined;
}

/** The source with limits, rate and format applied. Reaching a limit ends it regularly, not as an interruption. */
export function controlled(source: Source, controls: Controls): Source {
  const { limit, durationSeconds } = controls;
  const isEndless = (source.isEndless || controls.isLooped) === true;
  const total = isEndless ? limit : source.total && Math.min(source.total, limit ?? Infinity);
  const isUnbounded = isEndless && limit === undefined && durationSeconds === undefined;
  return {
    ...(total === undefined || durationSeconds !== undefined ? {} : { total }),
    ...(isUnbounded ? { isEndless: true } : {}),
    ...(source.tally === undefined ? {} : { tally: () => source.tally?.() ?? { note: '', lines: [], counts: {} } }),
    records: (signal) => records(source, controls, signal),
  };
}

async function* records(source: Source, controls: Controls, signal?: AbortSignal): AsyncGenerator<StreamRecord> {
  const { clock, rate, durationSeconds, limit = Infinity } = controls;
  const isFinal = controls.isRaw || source.isFinal;
  const over = new AbortController();
  const ending = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  if (durationSeconds !== undefined) {
    void clock.sleep(durationSeconds * 1000, ending).then(() => over.abort());
  }
  const read = controls.isLooped ? looped(source, ending) : source.records(ending);
  const pacedRecords = rate === undefined ? read : paced(read, { perSecond: rate, clock, signal: ending });
  let count = 0;
  try {
    for await (const record of untilAborted(pacedRecords, ending)) {
      yield isFinal ? record : compactRecord(record);
      count += 1;
      // Checked before the next read, so that a live source is not asked for one more.
      if (count >= limit) return;
    }
  } finally {
    over.abort();
  }
}

/** Ends when the source is empty, which would loop forever. */
async function* looped(source: Source, signal: AbortSignal): AsyncGenerator<StreamRecord> {
  for (let isEmpty = false; !isEmpty && !signal.aborted; ) {
    isEmpty = true;
    for await (const record of source.records(signal)) {
      isEmpty = false;
      yield record;
    }
  }
}
