import { createHash } from 'node:crypto';

import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import type { Source } from '../record.ts';
import { defaultRecords, defaultSeed } from './defaults.ts';
import { DraftWriter } from './draft.ts';
import type { SampleRecord } from './meaning.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type SampleTruth, TruthLedger } from './truth.ts';

/** Parameters of the sample. The same options always give the same bytes in the same order. */
export interface SampleOptions {
  /** An integer from 0 to 2^32 - 1; default {@link defaultSeed}. */
  seed?: number;
  /** Exact number of records; default {@link defaultRecords}. From 61 on, every kind of record occurs. */
  records?: number;
  /** Makes ids and hashtags unique to the run, so that the sample can be verified in tables that hold other data. */
  runId?: string;
}

/** Number of tweet ids whose records are interleaved. */
const openScenarios = 150;

/** The whole sample in memory, with the truth about it. */
export function createSample(options: SampleOptions = {}): { records: SampleRecord[]; truth: SampleTruth } {
  const ledger = new TruthLedger();
  const records = [...sampleRecords(options, ledger)];
  return { records, truth: ledger.truth };
}

/** The sample as a source. It is generated while it is read, so its length takes no memory. */
export function sampleSource(options: SampleOptions = {}): Source<SampleRecord> {
  return {
    total: options.records ?? defaultRecords,
    *records(signal) {
      for (const record of sampleRecords(options)) {
        if (signal?.aborted) return;
        yield record;
      }
    },
  };
}

/**
 * The sample's records in order. Adds the meaning of each to `ledger` as it is generated. Throws RangeError for options
 * out of bounds.
 */
export function* sampleRecords(options: SampleOptions = {}, ledger?: TruthLedger): Generator<SampleRecord> {
  const { seed = defaultSeed, records = defaultRecords, runId } = options;
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new RangeError(`The seed must be an integer from 0 to 4294967295, but is ${seed}.`);
  if (!Number.isInteger(records) || records < 1)
    throw new RangeError(`The sample must have at least 1 record, but was asked for ${records}.`);
  const random = seededRandom(seed);
  const name = createHash('sha256')
    .update(JSON.stringify([seed, runId ?? null]))
    .digest('hex');
  const writer = new DraftWriter(random, idPrefix(name), runId === undefined ? '' : `_${name.slice(0, 10)}`);
  const deck = new Deck(random);

  const open: SampleRecord[][] = [];
  let planned = 0;
  for (;;) {
    while (open.length < openScenarios && planned < records) {
      const scenario = deck.draw(records - planned);
      const played = scenario.play({ writer, random });
      planned += played.length;
      open.push(played);
    }
    const index = Math.floor(random.next() * open.length);
    const record = open[index]?.shift();
    if (record === undefined) return;
    if (open[index]?.length === 0) open.splice(index, 1);
    ledger?.add(record.meaning);
    yield record;
  }
}

/** 12 digits that start with 1-9. */
function idPrefix(hash: string): string {
  return String(100_000_000_000n + (BigInt(`0x${hash.slice(10, 30)}`) % 900_000_000_000n));
}

/** Deals every scenario once, then each in proportion to its share. */
class Deck {
  readonly #random: Random;
  readonly #undealt: Scenario[];
  readonly #all = [...scenarios.values()];
  readonly #shares = this.#all.reduce((sum, { perMille }) => sum + perMille, 0);

  constructor(random: Random) {
    this.#random = random;
    this.#undealt = this.#all
      .map((scenario) => ({ scenario, order: random.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ scenario }) => scenario);
  }

  /** A scenario of at most `room` records, at least 1. */
  draw(room: number): Scenario {
    for (;;) {
      const scenario = this.#undealt.pop() ?? this.#byShare();
      if (scenario.records <= room) return scenario;
    }
  }

  #byShare(): Scenario {
    let rest = this.#random.next() * this.#shares;
    for (const scenario of this.#all) {
      rest -= scenario.perMille;
      if (rest < 0) return scenario;
    }
    throw new RangeError('The shares do not add up.');
  }
}
