import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';

/** Maximum number of tweets looked for at a time. */
const mostProbes = 5;
/** A tweet that is not stored after this time is given up: it may have been deleted or quarantined. */
const longestWaitMs = 120_000;
/** Before the first tweet is found, waits up to this length are not reported: an idle pipe may need as long. */
const silentSeconds = 5;

/** The table of tweets. */
export interface TweetTable {
  client: Pick<AwsClients['dynamodb'], 'send'>;
  name: string;
}

interface Probe {
  id: string;
  position: string;
  landedMs: number;
}

/**
 * The lag of the pipe behind the stream, measured with single tweets: some that were just written are looked for in the
 * table of tweets until they are stored. This is the delay that a user sees, it works alike on AWS and on this machine,
 * and it takes none of the stream's read throughput. A look is one BatchGetItem of at most five keys, half a read unit
 * each: about a tenth of a US cent an hour at a look a second.
 */
export class PipeLag {
  readonly #table: TweetTable;
  readonly #clock: Clock;
  #latest: Probe | undefined;
  #probes: Probe[] = [];
  #seconds: number | undefined;
  #isRefused = false;

  constructor(table: TweetTable, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /**
   * Takes note that a record of the tweet is in the stream. Records that are never stored do no harm: a later one that
   * is stored replaces them.
   */
  landed(id: string, position: string): void {
    this.#latest = { id, position, landedMs: this.#clock.now() };
  }

  /**
   * Seconds that the last found tweet took, or that the oldest missing one has taken so far, whichever is more;
   * undefined while unknown.
   */
  get seconds(): number | undefined {
    const [oldest] = this.#probes;
    const waited = oldest === undefined ? 0 : (this.#clock.now() - oldest.landedMs) / 1000;
    if (this.#seconds === undefined) return waited > silentSeconds ? waited : undefined;
    return Math.max(this.#seconds, waited);
  }

  /** Looks for the tweets: one call or none. After a failure, such as a denied read, the lag stays unknown. */
  async look(): Promise<void> {
    if (this.#isRefused) return;
    this.#choose();
    if (this.#probes.length === 0) return;
    try {
      const { Responses } = await this.#table.client.send(
        new BatchGetItemCommand({
          RequestItems: {
            [this.#table.name]: {
              Keys: this.#probes.map(({ id }) => ({ id: { S: id } })),
              ProjectionExpression: 'id, #record',
              ExpressionAttributeNames: { '#record': 'record' },
            },
          },
        }),
      );
      this.#judge(new Map(Responses?.[this.#table.name]?.map(({ id, record }) => [id?.S, record?.S])));
    } catch {
      this.#isRefused = true;
      this.#probes = [];
      this.#seconds = undefined;
    }
  }

  #choose(): void {
    this.#probes = this.#probes.filter(({ landedMs }) => this.#clock.now() - landedMs < longestWaitMs);
    const { id } = this.#latest ?? {};
    if (this.#latest === undefined || this.#probes.length >= mostProbes) return;
    if (!this.#probes.some((probe) => probe.id === id)) this.#probes.push(this.#latest);
    this.#latest = undefined;
  }

  #judge(stored: ReadonlyMap<string | undefined, string | undefined>): void {
    const newest = this.#probes.findLastIndex(({ id, position }) => stored.get(id) === position);
    const found = this.#probes[newest];
    if (found !== undefined) this.#seconds = (this.#clock.now() - found.landedMs) / 1000;
    // Older ones will not be stored any more. A tweet that another record stored has no delay to measure.
    this.#probes = this.#probes.slice(newest + 1).filter(({ id }) => !stored.has(id));
  }
}
