import { auditCounters } from '@tweet-pipes/cli/verification/audit';
import { compareStores, type Difference } from '@tweet-pipes/cli/verification/compare';
import { expectStores } from '@tweet-pipes/cli/verification/expectation';
import { emptyStores, type SentRecord, type Stores } from '@tweet-pipes/cli/verification/stores';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import type { Acknowledged } from './feeder.ts';
import type { StoredRecord } from './read-stream.ts';

/** A difference between what is and what must be, in tables, archive, quarantine, stream or lake. */
export interface Discrepancy {
  where: Difference['store'] | 'stream' | 'lake' | 'history' | 'revenue';
  key: string;
  problem: string;
}

/** All discrepancies. Without any, nothing was lost and nothing counted twice. */
export interface StoresVerdict {
  /** Wrong counters and attributes. */
  wrong: Discrepancy[];
  /** Missing records, items, archive rows and quarantine objects. */
  lost: Discrepancy[];
  /** Unexpected ones. */
  extra: Discrepancy[];
  /** Copies in the stream beyond the first: a producer repeats a call whose answer is lost. */
  copies: number;
}

/**
 * Judges a run by its stream, copies included: acknowledged records must be in it, and tables, archive and quarantine
 * must hold exactly the result of processing its records once, in order.
 */
export function judgeStores(run: {
  acknowledged: readonly Acknowledged[];
  /** Every record that was sent, by fingerprint. */
  sent: ReadonlyMap<string, SampleRecord>;
  /** In the order of the stream. */
  stored: readonly StoredRecord[];
  found: Stores;
}): StoresVerdict {
  const verdict: StoresVerdict = { wrong: [], lost: [], extra: [], copies: 0 };
  const inStream = new Map(run.stored.map(({ position, fingerprint }) => [position, fingerprint]));
  const unclear = new Set<string>();
  const acknowledged = new Set<string>();
  for (const { position, fingerprint, maybeTwice } of run.acknowledged) {
    if (maybeTwice) unclear.add(fingerprint);
    if (acknowledged.has(position)) verdict.wrong.push(stream(position, 'was given to two records'));
    acknowledged.add(position);
    const there = inStream.get(position);
    if (there === undefined) verdict.lost.push(stream(position, 'was acknowledged and is missing'));
    else if (there !== fingerprint) verdict.wrong.push(stream(position, 'holds another record than was put'));
  }

  const processed: SentRecord[] = [];
  for (const { position, fingerprint } of run.stored) {
    const record = run.sent.get(fingerprint);
    if (record === undefined) {
      verdict.extra.push(stream(position, 'was never sent'));
      continue;
    }
    if (!acknowledged.has(position)) {
      verdict.copies += 1;
      if (!unclear.has(fingerprint)) verdict.extra.push(stream(position, 'is a copy that no lost answer explains'));
    }
    processed.push({ record, position, maybeTwice: false });
  }

  const expected = expectStores(emptyStores(), processed);
  for (const { store: where, key, problem } of [...compareStores(expected, run.found), ...auditCounters(run.found)]) {
    const found = run.found[where].get(key);
    const isBoth = expected[where].has(key) && found !== undefined;
    const kind = where === 'hashtags' || isBoth ? 'wrong' : found === undefined ? 'lost' : 'extra';
    const reason = kind === 'extra' && where === 'quarantine' ? `: ${found?.reason}` : '';
    verdict[kind].push({ where, key, problem: problem + reason });
  }
  return verdict;
}

function stream(key: string, problem: string): Discrepancy {
  return { where: 'stream', key, problem };
}
