import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { Source, SourceTally, StreamRecord } from '../../record.ts';
import { type CursorFile, isoOf } from './cursor-file.ts';
import { type Endpoint, parseEndpoint, publicEndpoints } from './endpoint.ts';
import { BlueskySourceError } from './errors.ts';
import { type PostFilter, wantedPosts } from './filter.ts';
import { Positions } from './positions.ts';
import { deleteNoticeOfPost, hasUsableText, tweetOfPost } from './post.ts';
import { eventsOf, type NetworkEvent } from './stream.ts';
import { BlueskyTally } from './tally.ts';

/** What to read from Bluesky, and where to continue. */
export interface BlueskySourceOptions extends PostFilter {
  /** Instances of Jetstream; default {@link publicEndpoints}. */
  endpoints?: readonly string[];
  /** Keeps how far the posts are in the stream, for the next start. Without it, reading starts at the present. */
  cursorFile?: CursorFile | undefined;
  /** Ignores what the cursor file says and starts at the present. */
  isFromNow?: boolean;
  clock: Clock;
  random: Random;
  /** Called once, when the first event has come from this host. */
  onConnected?: (host: string) => void;
  /** Called with a line of text to show: why there is no connection, what is missing. */
  notice(line: string): void;
}

/** Bluesky's posts as tweets, and their deletions as delete notices. It never ends by itself. */
export interface BlueskySource extends Source {
  readonly isEndless: true;
  readonly isFinal: true;
  tally(): SourceTally;
  records(signal?: AbortSignal): AsyncIterable<StreamRecord>;
  /** Writes the cursor file a last time; call it when all records are settled. Never throws. */
  close(): Promise<void>;
}

/**
 * Opens Bluesky's public posts, which need no credentials; connects when it is read. Throws {@link BlueskySourceError}
 * when an endpoint is none or the cursor file cannot be used.
 */
export async function openBlueskySource(options: BlueskySourceOptions): Promise<BlueskySource> {
  const endpoints = (options.endpoints ?? publicEndpoints).map(parseEndpoint);
  const savedUs = await options.cursorFile?.read();
  return new Session(options, endpoints, options.isFromNow ? undefined : savedUs);
}

/** A killed process repeats at most so much. */
const saveEveryMs = 1_000;
/** Unreadable events that are reported one by one. */
const mostReported = 5;

class Session implements BlueskySource {
  readonly isEndless = true;
  readonly isFinal = true;
  readonly #options: BlueskySourceOptions;
  readonly #endpoints: readonly Endpoint[];
  readonly #startUs: number | undefined;
  readonly #isWanted: ReturnType<typeof wantedPosts>;
  readonly #tally = new BlueskyTally();
  #positions: Positions | undefined;
  #savedUs: number | undefined;
  #savedMs = Number.NEGATIVE_INFINITY;
  #isUnsaved = false;

  constructor(options: BlueskySourceOptions, endpoints: readonly Endpoint[], startUs: number | undefined) {
    this.#options = options;
    this.#endpoints = endpoints;
    this.#startUs = startUs;
    this.#isWanted = wantedPosts(options);
    if (startUs === undefined) return;
    this.#positions = new Positions(startUs);
    this.#savedUs = startUs;
  }

  tally(): SourceTally {
    return this.#tally.summary();
  }

  async *records(signal: AbortSignal = new AbortController().signal): AsyncGenerator<StreamRecord> {
    const { clock, random, notice, onConnected } = this.#options;
    if (this.#startUs !== undefined)
      notice(`Continuing at ${isoOf(this.#startUs)}, a little earlier; --from-now starts at the present.`);
    const events = eventsOf({
      endpoints: this.#endpoints,
      startUs: this.#startUs,
      ...{ clock, random, signal, notice, onConnected },
      onGap: (fromUs, toUs) => {
        this.#tally.gaps += 1;
        notice(
          `Jetstream has no events from ${isoOf(fromUs)} to ${isoOf(toUs)} any more: it keeps about a day. They are missing.`,
        );
      },
    });
    for await (const event of events) {
      const record = this.#recordOf(event);
      if ('timeUs' in event) {
        this.#positions ??= new Positions(event.timeUs - 1);
        if (record === undefined) this.#positions.pass(event.timeUs);
        else {
          const onSettled = this.#positions.begin(event.timeUs);
          await this.#saveInTime();
          yield { ...record, onSettled };
          continue;
        }
      }
      await this.#saveInTime();
    }
  }

  async close(): Promise<void> {
    await this.#save();
  }

  /** The record of an event, if it needs one; counts the event. */
  #recordOf(event: NetworkEvent): StreamRecord | undefined {
    const tally = this.#tally;
    switch (event.kind) {
      case 'post':
        if (!this.#isWanted(event.record)) {
          tally.unmatched += 1;
          return undefined;
        }
        if (event.isUpdate) tally.updates += 1;
        else tally.posts += 1;
        if (!hasUsableText(event.record)) tally.withoutText += 1;
        return tweetOfPost(event.post, event.record);
      case 'delete':
        tally.deletes += 1;
        return deleteNoticeOfPost(event.post);
      case 'account':
        if (!event.isActive) tally.accountGone(event.status);
        return undefined;
      case 'sync':
        tally.resyncs += 1;
        return undefined;
      case 'other':
        return undefined;
      case 'unreadable':
        tally.unreadable += 1;
        if (tally.unreadable <= mostReported) {
          this.#options.notice(`An event of Jetstream cannot be read: ${event.reason}. It is left out.`);
        }
        if (tally.unreadable === mostReported) this.#options.notice('Further ones are counted, not reported.');
        return undefined;
    }
  }

  async #saveInTime(): Promise<void> {
    if (this.#options.clock.now() - this.#savedMs >= saveEveryMs) await this.#save();
  }

  /** A cursor that cannot be written is older than need be: what it repeats counts once. So reading goes on. */
  async #save(): Promise<void> {
    const { cursorFile, clock, notice } = this.#options;
    const settledUs = this.#positions?.settledUs;
    if (cursorFile === undefined || settledUs === undefined || settledUs === this.#savedUs) return;
    this.#savedMs = clock.now();
    try {
      await cursorFile.write(settledUs);
      this.#savedUs = settledUs;
      this.#isUnsaved = false;
    } catch (error) {
      if (!(error instanceof BlueskySourceError)) throw error;
      if (!this.#isUnsaved) notice(`${error.message} The next start will continue earlier than it could.`);
      this.#isUnsaved = true;
    }
  }
}
