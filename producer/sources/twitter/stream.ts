import type { Clock } from '@tweet-pipes/kit/clock';
import { largestRecordBytes } from '../../record.ts';
import { BackOff } from './back-off.ts';
import { type Connection, longestSilenceMs } from './connection.ts';
import { TwitterSourceError } from './errors.ts';
import { messages } from './framing.ts';
import { type MatchingRule, readMessage } from './message.ts';
import { seconds } from './persist.ts';
import { Disconnected, type Problem, problemOf } from './problem.ts';

/** What keeps a stream going. */
export interface StreamOptions {
  clock: Clock;
  signal: AbortSignal;
  connect(signal: AbortSignal): Promise<Connection>;
  /** How an attempt to connect that was made before ended; left out, there was none. */
  first?: Connection | Problem | undefined;
  /** Asked once for each post that X delivers, whether it is to be given. */
  takes(matchingRules: readonly MatchingRule[]): boolean;
  /** One line for people. */
  notice(line: string): void;
}

/** The same notice again is told this often at most, so that a night without network does not fill the screen. */
const quietMs = 60_000;

/**
 * The messages of the filtered stream as X wrote them, over as many connections as it takes, until the signal aborts.
 * Throws {@link TwitterSourceError} when X will not have us any more. X does not send again what it sent while nobody
 * was connected.
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
      downtime.over();
      yield* wanted(connection, options);
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
    // After a cut, X may take our own last connection for another reader until it notices.
    const waitMs = backOff.next(problem.kind === 'taken' ? { kind: 'rate' } : problem);
    downtime.tell(problem, waitMs);
    await clock.sleep(waitMs, signal);
  }
}

async function* wanted(connection: Connection, options: StreamOptions): AsyncGenerator<Buffer> {
  const onTorn = (bytes: number) =>
    options.notice(`The connection ended within a message, which is lost (${bytes} bytes of it came).`);
  for await (const bytes of messages(connection.chunks(), largestRecordBytes + 1, onTorn)) {
    const message = readMessage(bytes);
    switch (message.kind) {
      case 'post':
        if (options.takes(message.matchingRules)) yield bytes;
        break;
      case 'trouble':
        throw new Disconnected(message.problem);
      case 'other':
        yield bytes;
        break;
    }
  }
}

/** Tells people why nothing comes, and when it comes again. */
class Downtime {
  readonly #options: StreamOptions;
  #sinceMs: number | undefined;
  #told = { reason: '', atMs: Number.NEGATIVE_INFINITY };

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  tell(problem: Problem, waitMs: number): void {
    const { clock, notice } = this.#options;
    const nowMs = clock.now();
    this.#sinceMs ??= nowMs;
    if (this.#told.reason === problem.reason && nowMs - this.#told.atMs < quietMs) return;
    this.#told = { reason: problem.reason, atMs: nowMs };
    notice(`${problem.reason}. Connecting again in ${seconds(waitMs)}.`);
  }

  over(): void {
    if (this.#sinceMs === undefined) return;
    const { clock, notice } = this.#options;
    notice(`Connected to X again after ${seconds(clock.now() - this.#sinceMs)}; posts from in between do not come.`);
    this.#sinceMs = undefined;
    this.#told = { reason: '', atMs: Number.NEGATIVE_INFINITY };
  }
}
