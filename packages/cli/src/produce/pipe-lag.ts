import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';

/** So many tweets are looked for at a time, and no longer than this: one may have been deleted or quarantined. */
const most = { probes: 5, waitMs: 120_000 };
/** A first tweet that is not there yet tells nothing before others would have come. */
const silentSeconds = 5;

/** Where stored tweets are. */
export interface TweetTable {
  client: Pick<AwsClients['dynamodb'], 'send'>;
  name: string;
}

interface Probe {
  id: string;
  eventId: string;
  landedMs: number;
}

/**
 * How far the pipe is behind the stream, as told by single tweets: some that have just landed are looked for in the
 * table of tweets until they are there. That is what a user waits for, it is the same on AWS and on this machine, and
 * it takes nothing from the pipe's share of the stream. A look is one BatchGetItem of at most five keys, half a read
 * unit each: about a tenth of a US cent an hour at a look a second.
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
   * A record of the tweet is in the stream. Any record may be told: one that is never stored is found out by a later
   * one that is.
   */
  landed(id: string, eventId: string): void {
    this.#latest = { id, eventId, landedMs: this.#clock.now() };
  }

  /**
   * Seconds that the last tweet took, or that the next one has taken so far if that is more; undefined while nothing is
   * known.
   */
  get seconds(): number | undefined {
    const [oldest] = this.#probes;
    const waited = oldest === undefined ? 0 : (this.#clock.now() - oldest.landedMs) / 1000;
    if (this.#seconds === undefined) return waited > silentSeconds ? waited : undefined;
    return Math.max(this.#seconds, waited);
  }

  /** One call, or none. Where the table may not be read nothing is known, and it does not try again. */
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
    this.#probes = this.#probes.filter(({ landedMs }) => this.#clock.now() - landedMs < most.waitMs);
    const { id } = this.#latest ?? {};
    if (this.#latest === undefined || this.#probes.length >= most.probes) return;
    if (!this.#probes.some((probe) => probe.id === id)) this.#probes.push(this.#latest);
    this.#latest = undefined;
  }

  #judge(stored: ReadonlyMap<string | undefined, string | undefined>): void {
    const newest = this.#probes.findLastIndex(({ id, eventId }) => stored.get(id) === eventId);
    const found = this.#probes[newest];
    if (found !== undefined) this.#seconds = (this.#clock.now() - found.landedMs) / 1000;
    // What came before one that is stored will not be; and a tweet that another record brought tells nothing.
    this.#probes = this.#probes.slice(newest + 1).filter(({ id }) => !stored.has(id));
  }
}
