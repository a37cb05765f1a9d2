import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { partitionKeyOf } from '../../partition-key.ts';
import type { Source, SourceTally, StreamRecord } from '../../record.ts';
import { type Connection, connect } from './connection.ts';
import { type Credentials, redacted } from './credentials.ts';
import { TwitterSourceError } from './errors.ts';
import { type Problem, problemOf } from './problem.ts';
import { defaultPricePerRead, ReadCost } from './read-cost.ts';
import { type RetryPolicy, retryRequest } from './retry-request.ts';
import { ruleOfKeyword } from './rule-text.ts';
import { addRules, listRules, type Rule, removeRules, tagPrefix, WantedRules } from './rules.ts';
import { streamOf } from './stream.ts';
import { agentFor, bearerToken, checkEndpoint, defaultEndpoint, XApi } from './x-client.ts';

/** What to read from X, and as whom. */
export interface TwitterSourceOptions {
  credentials: Credentials;
  /** Each becomes a rule that matches literally. */
  keywords: readonly string[];
  /** Rules in X's own language: https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule */
  rules?: readonly string[];
  /** First removes the rules that killed runs left behind. */
  removesLeftovers?: boolean;
  /** US dollars, 0 or more; default {@link defaultPricePerRead}. */
  pricePerRead?: number;
  /** Another host with X's API; default {@link defaultEndpoint}. */
  endpoint?: string;
  clock: Clock;
  random: Random;
  /** Aborts opening. */
  signal: AbortSignal;
  /** Called with a line of text to show: what X says, and the reason of a wait. */
  notice(line: string): void;
  /** Called once, when X has sent its first message or keep-alive, which may take 20 seconds. */
  onConnected?(): void;
}

/** Posts as X delivers them, each in its envelope (`data`, `includes`, `matching_rules`). It never ends by itself. */
export interface TwitterSource extends Source {
  readonly isEndless: true;
  tally(): SourceTally;
  readonly cost: ReadCost;
  /** Posts that matched only rules which this run did not ask for. X charges for them; they are dropped. */
  readonly foreignPosts: number;
  records(signal?: AbortSignal): AsyncIterable<StreamRecord>;
  /**
   * Removes the rules that this run added, and closes the connection. Throws {@link TwitterSourceError} if X may still
   * hold them. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Adds the rules and connects to X's filtered stream; waits if X asks for it. The caller must `close` the source.
 * Throws {@link TwitterSourceError} if X refuses, and leaves no rules behind.
 */
export async function openTwitterSource(options: TwitterSourceOptions): Promise<TwitterSource> {
  const secrets = secretsOf(options.credentials);
  const session = new Session(options, secrets);
  return await withRedactedErrors(secrets, async () => {
    await session.open();
    return session;
  });
}

class Session implements TwitterSource {
  readonly cost: ReadCost;
  readonly isEndless = true;
  foreignPosts = 0;
  readonly #options: TwitterSourceOptions;
  readonly #secrets: string[];
  readonly #notice: (line: string) => void;
  readonly #endpoint: string;
  readonly #tag: string;
  #token = '';
  #wanted = new WantedRules([]);
  #first: Connection | Problem | undefined;
  #isOpen = false;

  constructor(options: TwitterSourceOptions, secrets: string[]) {
    this.#options = options;
    this.#secrets = secrets;
    this.#notice = (line) => options.notice(redacted(line, secrets));
    this.#endpoint = checkEndpoint(options.endpoint ?? defaultEndpoint);
    this.#tag = `${tagPrefix}${options.random.uuid().slice(0, 8)}`;
    this.cost = new ReadCost(options.pricePerRead ?? defaultPricePerRead);
  }

  async open(): Promise<void> {
    const { credentials, keywords, rules = [], signal } = this.#options;
    const policy = this.#retryPolicy(signal);
    this.#token = await retryRequest(() => bearerToken(credentials, this.#endpoint, policy.agent), policy);
    this.#secrets.push(this.#token);
    const api = new XApi({ endpoint: this.#endpoint, token: this.#token }, policy.agent);
    const values = [...new Set([...keywords.map(ruleOfKeyword), ...rules])];
    this.#noticeOtherRules(await retryRequest(() => listRules(api), policy), values);
    if (this.#options.removesLeftovers) {
      const length = await retryRequest(() => removeRules(api, (tag) => tag.startsWith(tagPrefix)), policy);
      this.#notice(`Removed ${count({ length })} of earlier runs.`);
    }
    this.#isOpen = true;
    try {
      await retryRequest(() => addRules(api, values, this.#tag), policy);
      const held = await retryRequest(() => listRules(api), policy);
      this.#wanted = new WantedRules(held.filter(({ value, tag }) => tag === this.#tag || values.includes(value)));
      this.#first = await this.#connectFirst(signal);
    } catch (error) {
      await this.close().catch((left: unknown) => {
        if (!(left instanceof TwitterSourceError)) throw left;
        this.#notice(left.message);
      });
      throw error;
    }
  }

  tally(): SourceTally {
    const { cost, foreignPosts } = this;
    const lines = [cost.explained()];
    if (foreignPosts > 0) lines.push(`${foreignPosts} of these posts matched only rules of others and were not sent.`);
    return { note: String(cost), lines, counts: { reads: cost.posts, readDollars: cost.dollars, foreignPosts } };
  }

  async *records(signal: AbortSignal = new AbortController().signal): AsyncGenerator<StreamRecord> {
    const { clock } = this.#options;
    const first = this.#first;
    this.#first = undefined;
    const stream = streamOf({
      clock,
      signal,
      first,
      notice: this.#notice,
      onConnected: () => this.#options.onConnected?.(),
      connect: (until) => this.#connect(until),
      takes: (matchingRules) => {
        this.cost.add();
        const isWanted = this.#wanted.matched(matchingRules);
        if (!isWanted) this.foreignPosts += 1;
        return isWanted;
      },
    });
    try {
      for await (const data of stream) yield { partitionKey: partitionKeyOf(data), data };
    } catch (error) {
      throw redactedError(error, this.#secrets);
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#first !== undefined && !('kind' in this.#first)) this.#first.close();
    // An abort ends reading, but must not keep the rules from being removed.
    const policy = { ...this.#retryPolicy(new AbortController().signal), attempts: 3, waitsForRate: false };
    const api = new XApi({ endpoint: this.#endpoint, token: this.#token }, policy.agent);
    try {
      await retryRequest(() => removeRules(api, (tag) => tag === this.#tag), policy);
    } catch (error) {
      const { message } = redactedError(error, this.#secrets);
      throw new TwitterSourceError(
        `X may still hold the rules of this run (tag ${this.#tag}): ${message}\n--remove-leftovers removes them at the next start.`,
      );
    }
  }

  #retryPolicy(signal: AbortSignal): RetryPolicy {
    const agent = agentFor(this.#endpoint);
    return { clock: this.#options.clock, signal, agent, notice: this.#notice, attempts: 3, waitsForRate: true };
  }

  #connect(signal: AbortSignal): Promise<Connection> {
    return connect({ endpoint: this.#endpoint, token: this.#token }, this.#options.clock, signal);
  }

  /** Returns a problem that a wait may solve, for the stream to handle. */
  async #connectFirst(signal: AbortSignal): Promise<Connection | Problem> {
    try {
      return await this.#connect(signal);
    } catch (error) {
      if (signal.aborted) throw new TwitterSourceError('Interrupted.');
      const problem = problemOf(error, this.#options.clock.now());
      if (problem === undefined) throw error;
      if (problem.kind === 'fatal') throw new TwitterSourceError(`${problem.reason}.`);
      if (problem.kind === 'taken') {
        throw new TwitterSourceError(
          `${problem.reason}. End it first. If it has just been killed, X may need some minutes to notice.`,
        );
      }
      return problem;
    }
  }

  #noticeOtherRules(held: readonly Rule[], values: readonly string[]): void {
    const price = 'The posts that only such rules match are read and charged for, but not sent.';
    const leftovers = held.filter(({ tag }) => tag?.startsWith(tagPrefix));
    if (leftovers.length > 0 && !this.#options.removesLeftovers) {
      const what = `${count(leftovers)} of earlier runs that were killed`;
      this.#notice(`X holds ${what}; --remove-leftovers removes them. ${price}`);
    }
    const foreign = held.filter((rule) => !leftovers.includes(rule) && !values.includes(rule.value));
    if (foreign.length > 0) this.#notice(`X holds ${count(foreign)} for this app that others made. ${price}`);
  }
}

function count({ length }: { length: number }): string {
  return length === 1 ? '1 rule' : `${length} rules`;
}

function secretsOf(credentials: Credentials): string[] {
  return credentials.kind === 'bearer' ? [credentials.token] : [credentials.secret, credentials.key];
}

async function withRedactedErrors<T>(secrets: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw redactedError(error, secrets);
  }
}

/**
 * A TwitterSourceError without secrets. Other errors are defects and stay as they are: only errors of the library hold
 * requests, and they are converted before.
 */
function redactedError(error: unknown, secrets: readonly string[]): Error {
  if (error instanceof TwitterSourceError) return new TwitterSourceError(redacted(error.message, secrets));
  return error instanceof Error ? error : new Error(String(error));
}
