import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { partitionKeyOf } from '../../partition-key.ts';
import type { Source, SourceTally, StreamRecord } from '../../record.ts';
import { type Connection, connect } from './connection.ts';
import { type Credentials, redacted } from './credentials.ts';
import { TwitterSourceError } from './errors.ts';
import { type Persistence, persist } from './persist.ts';
import { type Problem, problemOf } from './problem.ts';
import { defaultPricePerRead, ReadCost } from './read-cost.ts';
import { ruleOfKeyword } from './rule-text.ts';
import { addRules, listRules, type Rule, removeRules, tagPrefix, WantedRules } from './rules.ts';
import { streamOf } from './stream.ts';
import { agentFor, bearerToken, checkEndpoint, defaultEndpoint, XApi } from './x-client.ts';

export interface TwitterSourceOptions {
  credentials: Credentials;
  /** Each becomes a rule that matches it literally. */
  keywords: readonly string[];
  /** Rules in X's own language: https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule */
  rules?: readonly string[];
  /** Removes first the rules that earlier runs did not remove because they were killed. */
  removesLeftovers?: boolean;
  /** US dollars, 0 or more; default {@link defaultPricePerRead}. */
  pricePerRead?: number;
  /** Another host that speaks X's API; default {@link defaultEndpoint}. */
  endpoint?: string;
  clock: Clock;
  random: Random;
  /** Ends waits while it opens. */
  signal: AbortSignal;
  /** One line for people: what X says, and what is waited for. */
  notice(line: string): void;
}

/**
 * Posts as X delivers them, each in its envelope (`data`, `includes`, `matching_rules`), as records. It never ends by
 * itself.
 */
export interface TwitterSource extends Source {
  readonly isEndless: true;
  tally(): SourceTally;
  readonly cost: ReadCost;
  /** Posts that matched only rules which this run did not ask for. They cost as well, and are not given. */
  readonly foreignPosts: number;
  records(signal?: AbortSignal): AsyncIterable<StreamRecord>;
  /**
   * Removes the rules that this run made, and ends the connection. Throws {@link TwitterSourceError} when X still holds
   * them. Only the first call does anything.
   */
  close(): Promise<void>;
}

/**
 * Makes the rules and connects to X's filtered stream. Throws {@link TwitterSourceError}, without leaving rules behind,
 * when X refuses; waits when X asks for it. Whoever gets the source calls `close` in the end.
 */
export async function openTwitterSource(options: TwitterSourceOptions): Promise<TwitterSource> {
  const secrets = secretsOf(options.credentials);
  const session = new Session(options, secrets);
  return await cleanly(secrets, async () => {
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
    const persistence = this.#persistence(signal);
    this.#token = await persist(() => bearerToken(credentials, this.#endpoint, persistence.agent), persistence);
    this.#secrets.push(this.#token);
    const api = new XApi({ endpoint: this.#endpoint, token: this.#token }, persistence.agent);
    const values = [...new Set([...keywords.map(ruleOfKeyword), ...rules])];
    this.#tellOfOthers(await persist(() => listRules(api), persistence), values);
    if (this.#options.removesLeftovers) {
      const length = await persist(() => removeRules(api, (tag) => tag.startsWith(tagPrefix)), persistence);
      this.#notice(`Removed ${count({ length })} of earlier runs.`);
    }
    this.#isOpen = true;
    try {
      await persist(() => addRules(api, values, this.#tag), persistence);
      const held = await persist(() => listRules(api), persistence);
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
      throw cleaned(error, this.#secrets);
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#first !== undefined && !('kind' in this.#first)) this.#first.close();
    // Ctrl-C has ended the reading; the rules are removed all the same.
    const persistence = { ...this.#persistence(new AbortController().signal), attempts: 3, waitsForRate: false };
    const api = new XApi({ endpoint: this.#endpoint, token: this.#token }, persistence.agent);
    try {
      await persist(() => removeRules(api, (tag) => tag === this.#tag), persistence);
    } catch (error) {
      const { message } = cleaned(error, this.#secrets);
      throw new TwitterSourceError(
        `X may still hold the rules of this run (tag ${this.#tag}): ${message}\n--remove-leftovers removes them at the next start.`,
      );
    }
  }

  #persistence(signal: AbortSignal): Persistence {
    const agent = agentFor(this.#endpoint);
    return { clock: this.#options.clock, signal, agent, notice: this.#notice, attempts: 3, waitsForRate: true };
  }

  #connect(signal: AbortSignal): Promise<Connection> {
    return connect({ endpoint: this.#endpoint, token: this.#token }, this.#options.clock, signal);
  }

  /** What waiting may cure is left to the stream. */
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

  #tellOfOthers(held: readonly Rule[], values: readonly string[]): void {
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

async function cleanly<T>(secrets: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw cleaned(error, secrets);
  }
}

/**
 * The error for people without secrets; any other is a defect and goes as it is: only errors of the library hold
 * requests, and those never get here.
 */
function cleaned(error: unknown, secrets: readonly string[]): Error {
  if (error instanceof TwitterSourceError) return new TwitterSourceError(redacted(error.message, secrets));
  return error instanceof Error ? error : new Error(String(error));
}
