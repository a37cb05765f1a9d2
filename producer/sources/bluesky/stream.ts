import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { seconds } from '../seconds.ts';
import { BackOff } from './back-off.ts';
import { Disconnected, frames, longestSilenceMs } from './connection.ts';
import { type Endpoint, subscription } from './endpoint.ts';
import { type JetstreamEvent, readEvent } from './event.ts';

/** How to connect, from where to read, and what to do with notices. */
export interface StreamOptions {
  /** At least one. The next one is used when one does not work. */
  endpoints: readonly Endpoint[];
  /** Microseconds since the epoch; undefined: from now on. */
  startUs?: number | undefined;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** Called once, when the first event has come. */
  onConnected?: ((host: string) => void) | undefined;
  /** Called when events are missing: the server does not keep those of this time any more. Microseconds. */
  onGap(fromUs: number, toUs: number): void;
  /** Called with a line of text to show. */
  notice(line: string): void;
}

/** An event that tells about the network. */
export type NetworkEvent = Exclude<JetstreamEvent, { kind: 'info' | 'error' }>;

/**
 * How much earlier to continue, because instances see an event at different times. What comes twice counts once.
 * Jetstream's own advice is "a few seconds".
 */
const rewindUs = 10_000_000;
/** Events come many times a second, so a longer pause after the cursor means that some are missing. */
const longestGapUs = 60_000_000;
/** Minimum time between two equal notices, so that a night without network does not fill the screen. */
const quietMs = 60_000;

/**
 * The events of Jetstream, over any number of connections and instances, until the signal aborts. After each end it
 * continues where it stopped, a little earlier.
 */
export async function* eventsOf(options: StreamOptions): AsyncGenerator<NetworkEvent> {
  const { endpoints, clock, signal } = options;
  const backOff = new BackOff(options.random);
  const downtime = new Downtime(options);
  let readUs = options.startUs;
  for (let turn = 0; !signal.aborted; ) {
    const endpoint = endpoints[turn % endpoints.length];
    if (endpoint === undefined) return;
    const cursorUs = readUs === undefined ? undefined : readUs - rewindUs;
    const startMs = clock.now();
    let ending: Disconnected | undefined;
    try {
      for await (const event of connectionEvents(endpoint, cursorUs, options)) {
        if (!('timeUs' in event)) {
          yield event;
          continue;
        }
        downtime.end(endpoint.url.host);
        yield event;
        readUs = Math.max(readUs ?? 0, event.timeUs);
      }
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error;
      ending = error;
    }
    if (signal.aborted || ending === undefined) return;
    const isStable = !ending.isSilent && clock.now() - startMs >= longestSilenceMs;
    if (isStable) backOff.reset();
    else turn += 1;
    const waitMs = backOff.next();
    const next = endpoints[turn % endpoints.length]?.url.host ?? '';
    downtime.report(`${endpoint.url.host}: ${ending.message}`, `Connecting to ${next} in ${seconds(waitMs)}.`);
    await clock.sleep(waitMs, signal);
  }
}

/** The events of one connection. Throws {@link Disconnected} at its end, unless the signal aborts. */
async function* connectionEvents(
  endpoint: Endpoint,
  cursorUs: number | undefined,
  options: StreamOptions,
): AsyncGenerator<NetworkEvent> {
  let isFirst = true;
  let isOutdated = false;
  for await (const frame of frames(subscription(endpoint, cursorUs), options)) {
    const event = readEvent(frame);
    switch (event.kind) {
      case 'info':
        isOutdated ||= event.isOutdated;
        break;
      case 'error':
        throw new Disconnected(`The server ends the connection (${event.reason})`);
      case 'unreadable':
        yield event;
        break;
      default:
        if (isFirst && cursorUs !== undefined) {
          // The older protocol does not say it.
          const isLate = endpoint.protocol === 'v1' && event.timeUs - cursorUs > longestGapUs;
          if (isOutdated || isLate) options.onGap(cursorUs, event.timeUs);
        }
        isFirst = false;
        yield event;
    }
  }
}

/** Reports when the stream is up for the first time, when it is down, why, and when it is up again. */
class Downtime {
  readonly #options: StreamOptions;
  #sinceMs: number | undefined;
  #wasUp = false;
  #reported = { reason: '', atMs: Number.NEGATIVE_INFINITY };

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  report(reason: string, next: string): void {
    const { clock, notice } = this.#options;
    const nowMs = clock.now();
    this.#sinceMs ??= nowMs;
    if (this.#reported.reason === reason && nowMs - this.#reported.atMs < quietMs) return;
    this.#reported = { reason, atMs: nowMs };
    notice(`${reason}. ${next}`);
  }

  end(host: string): void {
    const { clock, notice, onConnected } = this.#options;
    if (!this.#wasUp) onConnected?.(host);
    else if (this.#sinceMs !== undefined) {
      notice(`Connected to ${host} after ${seconds(clock.now() - this.#sinceMs)}; it continues where it stopped.`);
    }
    this.#wasUp = true;
    this.#sinceMs = undefined;
  }
}
