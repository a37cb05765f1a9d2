import type { Clock } from '@tweet-pipes/kit/clock';
import { largestRecordBytes } from '../../record.ts';
import { seconds } from '../seconds.ts';
import { BackOff } from './back-off.ts';
import { type Connection, longestSilenceMs } from './connection.ts';
import { TwitterSourceError } from './errors.ts';
import { messages } from './framing.ts';
import { type MatchingRule, readMessage } from './message.ts';
import { Disconnected, type Problem, problemOf } from './problem.ts';

/** How to connect, and what to do with posts and notices. */
export interface StreamOptions {
  clock: Clock;
  signal: AbortSignal;
  connect(signal: AbortSignal): Promise<Connection>;
  /** The result of an earlier attempt to connect, if there was one. */
  first?: Connection | Problem | undefined;
  /** Called once for each post that X delivers; decides whether to keep it. */
  takes(matchingRules: readonly MatchingRule[]): boolean;
  /** Called with a line of text to show. */
  notice(line: string): void;
  /** Called when X has sent the first message or keep-alive: it may accept a connection and refuse at once. */
  onConnected(): void;
}

/** Minimum time between two equal notices, so that a night without network does not fill the screen. */
const quietMs = 60_000;

/**
 * The unchanged messages of the filtered stream, over any number of connections, until the signal aborts. X does not
 * repeat what it sent while there was no connection. Throws {@link TwitterSourceError} if X refuses a new connection.
 */
export async function* streamOf(options: StreamOptions): AsyncGenerator<Buffer> {
  const { clock, signal } = options;
  const backOff = new BackOff();
  const downtime = new Downtime(options);
  let { first } = options;
  while (!signal.aborted) {
    let connection: Connection | undefined;
    let problem: Problem | undefined;
    const startMs = clock.now();
    try {
      const ready = first;
      first = undefined;
      if (ready !== undefined && 'kind' in ready) throw new Disconnected(ready);
      connection = ready ?? (await options.connect(signal));
      yield* wanted(connection, options, () => downtime.end());
    } catch (error) {
      problem = problemOf(error, clock.now());
      if (problem === undefined) throw error;
    } finally {
      connection?.close();
    }
    if (signal.aborted) return;
    problem ??= { kind: 'network', reason: 'X closed the connection' };
    if (problem.kind === 'fatal') throw new TwitterSourceError(`${problem.reason}.`);
    if (connection !== undefined && clock.now() - startMs >= longestSilenceMs) backOff.reset();
    // After a cut, X may still count our own last connection for a while.
    const waitMs = backOff.next(problem.kind === 'taken' ? { kind: 'rate' } : problem);
    downtime.report(problem, waitMs);
    await clock.sleep(waitMs, signal);
  }
}

async function* wanted(connection: Connection, options: StreamOptions, onAlive: () => void): AsyncGenerator<Buffer> {
  const onTorn = (bytes: number) =>
    options.notice(`The connection ended within a message, which is lost (${bytes} bytes received).`);
  for await (const bytes of messages(connection.chunks(), largestRecordBytes + 1, onTorn)) {
    const message = readMessage(bytes);
    if (message.kind !== 'trouble') onAlive();
    switch (message.kind) {
      case 'post':
        if (options.takes(message.matchingRules)) yield bytes;
        break;
      case 'keep-alive':
        break;
      case 'trouble':
        throw new Disconnected(message.problem);
      case 'other':
        yield bytes;
        break;
    }
  }
}

/** Reports when the stream is up first, when it is down, why, and when it is up again. */
class Downtime {
  readonly #options: StreamOptions;
  #isFirst = true;
  #sinceMs: number | undefined;
  #reported = { reason: '', atMs: Number.NEGATIVE_INFINITY };

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  report(problem: Problem, waitMs: number): void {
    const { clock, notice } = this.#options;
    const nowMs = clock.now();
    this.#sinceMs ??= nowMs;
    if (this.#reported.reason === problem.reason && nowMs - this.#reported.atMs < quietMs) return;
    this.#reported = { reason: problem.reason, atMs: nowMs };
    notice(`${problem.reason}. Connecting again in ${seconds(waitMs)}.`);
  }

  end(): void {
    const { clock, notice, onConnected } = this.#options;
    if (this.#isFirst) onConnected();
    else if (this.#sinceMs === undefined) return;
    else notice(`Connected to X again after ${seconds(clock.now() - this.#sinceMs)}; posts from in between are lost.`);
    this.#isFirst = false;
    this.#sinceMs = undefined;
    this.#reported = { reason: '', atMs: Number.NEGATIVE_INFINITY };
  }
}
