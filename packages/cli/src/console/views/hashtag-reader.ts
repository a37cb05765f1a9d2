import type { HashtagHistory, HashtagReading, RankedCounter } from '@tweet-pipes/console/views/hashtags/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import { readPriceList } from '../../costs/price-list.ts';
import { readCounterItems } from '../../tables/counter-items.ts';
import type { HashtagCount } from '../../tables/hashtag-count.ts';
import { LargestCounters } from '../../tables/largest-counters.ts';
import type { ScanCost } from '../../tables/scan.ts';
import { readLargestCounters } from '../../tables/top-hashtags.ts';

/** Counters that are kept of a reading, and so the most that a page can show. */
const mostKept = 1_000;
/** A partition key of DynamoDB. */
const longestKeyBytes = 2_048;
/** Hashtags with a history. */
const mostSeries = 10;
/** Readings in the history. Above it every second one is left out. */
const mostReadings = 240;
/** A reading takes at most this share of the time, so that a large table costs little. */
const pausePerReading = 10;

/** Where the counters are, and how often to read them. */
export interface HashtagReaderOptions {
  clients: Pick<AwsClients, 'dynamodb'>;
  clock: Clock;
  table: string;
  /** The shortest time between two readings. */
  shortestPauseMs: number;
  /** How long a caller waits for a reading that has begun. */
  patienceMs: number;
}

interface Reading {
  counters: LargestCounters;
  cost: ScanCost;
  startedMs: number;
}

interface Finished {
  top: HashtagCount[];
  /** Whether counters have several items. */
  isSplit: boolean;
  cost: ScanCost;
  tookMs: number;
  atMs: number;
}

/**
 * Reads the largest counters for pages that ask every second. It scans the whole table, since there is no index on the
 * counts, one scan at a time and with a pause of ten times its length. In between, and while the table is read, pages
 * get the last result. Memory holds {@link mostKept} counters for each kept reading, and during a reading a number for
 * each hashtag where counters have several items.
 */
export class HashtagReader {
  readonly #options: HashtagReaderOptions;
  #running: (Reading & { over: Promise<void> }) | undefined;
  #last: Finished | undefined;
  #failure: unknown;
  #readings: { atMs: number; counts: ReadonlyMap<string, number> }[] = [];

  constructor(options: HashtagReaderOptions) {
    this.#options = options;
  }

  /**
   * The `limit` largest counters as they are known. With `find` those of the kept ones that hold this text, and the
   * counter of just this hashtag, however small. Rejects with the SDK's error when a reading fails.
   */
  async read(limit: number, find = ''): Promise<HashtagReading> {
    const { clock, patienceMs } = this.#options;
    if (this.#running === undefined && clock.now() >= this.#nextMs()) {
      this.#failure = undefined;
      this.#running = this.#begin();
    }
    if (this.#running !== undefined) {
      const over = new AbortController();
      await Promise.race([this.#running.over, clock.sleep(patienceMs, over.signal)]);
      over.abort();
    }
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
    const wanted = foldHashtag(find.trim().replace(/^#/, ''));
    const ranked = (this.#last?.top ?? this.#running?.counters.list() ?? []).map((each, index) => ({
      ...each,
      rank: index + 1,
    }));
    const found = ranked.filter(({ hashtag }) => hashtag.includes(wanted));
    const exact = wanted === '' || found.some(({ hashtag }) => hashtag === wanted) ? [] : await this.#counterOf(wanted);
    return this.#answer([...exact, ...found].slice(0, Math.min(limit, mostKept)));
  }

  /** A hashtag that is not among the largest has a counter all the same, which costs next to nothing to read. */
  async #counterOf(hashtag: string): Promise<RankedCounter[]> {
    const { clients, clock, table } = this.#options;
    if (Buffer.byteLength(hashtag) > longestKeyBytes) return [];
    const items = await readCounterItems({ clients, clock, table, hashtag, isSplit: this.#last?.isSplit !== false });
    if (items.size === 0) return [];
    const count = [...items.values()].reduce((sum, { htCount }) => sum + Number(htCount?.N ?? 0), 0);
    return [{ hashtag, count, rank: null }];
  }

  #nextMs(): number {
    if (this.#last === undefined) return 0;
    return this.#last.atMs + Math.max(this.#options.shortestPauseMs, this.#last.tookMs * pausePerReading);
  }

  #begin(): Reading & { over: Promise<void> } {
    const reading: Reading = {
      counters: new LargestCounters(mostKept, { isSplit: false }),
      cost: { items: 0, readUnits: 0 },
      startedMs: this.#options.clock.now(),
    };
    const over = this.#read(reading)
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#running = undefined;
      });
    return Object.assign(reading, { over });
  }

  async #read(reading: Reading): Promise<void> {
    const { clients, clock, table } = this.#options;
    const { cost, startedMs } = reading;
    const onPage = (counters: LargestCounters) => {
      reading.counters = counters;
    };
    const isSplit = this.#last?.isSplit ?? false;
    const counters = await readLargestCounters(clients, table, { limit: mostKept, isSplit, cost, onPage });
    const atMs = clock.now();
    this.#last = { top: counters.list(), isSplit: counters.isSplit, cost, tookMs: atMs - startedMs, atMs };
    this.#remember(this.#last);
  }

  #remember({ top, atMs }: Finished): void {
    this.#readings.push({ atMs, counts: new Map(top.slice(0, 100).map(({ hashtag, count }) => [hashtag, count])) });
    if (this.#readings.length <= mostReadings) return;
    const newest = this.#readings.length - 1;
    this.#readings = this.#readings.filter((_, index) => (newest - index) % 2 === 0);
  }

  #answer(top: readonly RankedCounter[]): HashtagReading {
    const running = this.#running;
    const last = this.#last;
    const cost = last?.cost ?? running?.cost ?? { items: 0, readUnits: 0 };
    const { usd, per } = readUnitPrice();
    return {
      top,
      isWhole: last !== undefined,
      counters: cost.items,
      readAt: last?.atMs ?? null,
      tookMs: last?.tookMs ?? 0,
      readUnits: cost.readUnits,
      usd: (cost.readUnits / per) * usd,
      running: running === undefined ? null : { counters: running.cost.items },
      nextAt: running === undefined ? this.#nextMs() : null,
      history: this.#history(top.slice(0, mostSeries)),
    };
  }

  #history(top: readonly HashtagCount[]): HashtagHistory {
    return {
      at: this.#readings.map(({ atMs }) => atMs),
      series: top.map(({ hashtag }) => ({
        hashtag,
        counts: this.#readings.map(({ counts }) => counts.get(hashtag) ?? null),
      })),
    };
  }
}

let price: { usd: number; per: number } | undefined;

function readUnitPrice(): { usd: number; per: number } {
  price ??= readPriceList().prices.dynamodbReadUnits;
  return price;
}
