import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import * as z from 'zod';
import { until } from '../../../../packages/kit/test/until.ts';

/** A post as X stores it; what an answer holds of it depends on the fields that were asked for. */
export interface Post {
  id: string;
  text: string;
  [field: string]: unknown;
}

/** A rule as X holds it. */
export interface HeldRule {
  id: string;
  value: string;
  tag?: string;
}

/**
 * An answer to a request instead of the usual one. `body` is sent as JSON unless it is a string; null headers are left
 * out.
 */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * What the server does with the next request to an endpoint: an answer, nothing at all, or cutting the connection
 * before or after it is done.
 */
export type Turn = Answer | 'silence' | 'cut' | 'cut-after';

const ruleUpdate = z.object({
  add: z.array(z.object({ value: z.string(), tag: z.string().optional() })).optional(),
  delete: z.object({ ids: z.array(z.string()) }).optional(),
});

/**
 * X's API v2 as far as the filtered stream goes, over plain HTTP on this machine, from X's documentation
 * (https://docs.x.com/x-api/posts/filtered-stream) and published answers. One app, one
 * connection.
 */
export class FakeX {
  readonly bearer = 'AAAAAAAAAAAAAAAAAAAAAA%2Bfake%3Dbearer';
  readonly consumer = { key: 'fake-consumer-key', secret: 'fake-consumer-secret' };
  rules: HeldRule[] = [];
  /** `GET /2/tweets/search/stream/rules` and the like, without the query. */
  readonly requests: string[] = [];
  /** Streams in the order of their opening. */
  readonly streams: FakeStream[] = [];
  /** By method and path: what to do with the next requests, in turn, before the usual behaviour. */
  readonly turns: Record<string, Turn[]> = {};
  /** Requests that are open and get no answer. */
  hanging = 0;
  /** Rules on a page of the listing. */
  rulesPerPage = 1000;
  /** Whether streams are gzipped for clients that take it. */
  gzips = true;
  /** What X's clock says. */
  now: () => number = () => Date.now();
  #nextId = 1900000000000000000n;
  readonly #server: Server;
  readonly #unanswered = new WeakSet<ServerResponse>();

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Starts it on any free port. */
  static async start(): Promise<FakeX> {
    const fake = new FakeX();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The stream that is open. */
  get stream(): FakeStream {
    const open = this.streams.find(({ isOpen }) => isOpen);
    if (open === undefined) throw new Error('No stream is open.');
    return open;
  }

  /** Resolves when the server has seen enough. */
  async until(isSo: () => boolean): Promise<void> {
    await until(isSo);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  addRule(value: string, tag?: string): HeldRule {
    this.#nextId += 1n;
    const rule = { id: String(this.#nextId), value, ...(tag === undefined ? {} : { tag }) };
    this.rules.push(rule);
    return rule;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.endpoint);
    const route = `${request.method} ${url.pathname}`;
    this.requests.push(route);
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const turn = this.turns[route]?.shift();
    if (turn === 'silence') {
      this.hanging += 1;
      response.once('close', () => {
        this.hanging -= 1;
      });
      return;
    }
    if (turn === 'cut-after') this.#unanswered.add(response);
    else if (turn === 'cut') return void request.socket.destroy();
    else if (turn !== undefined) return this.#answer(response, turn);
    if (route === 'POST /oauth2/token') return this.#answer(response, this.#token(request, body));
    if (request.headers.authorization !== `Bearer ${this.bearer}`) {
      return this.#answer(response, { status: 401, body: unauthorized });
    }
    switch (route) {
      case 'GET /2/tweets/search/stream/rules':
        return this.#answer(response, this.#list(url.searchParams.get('pagination_token')));
      case 'POST /2/tweets/search/stream/rules':
        return this.#answer(response, this.#update(ruleUpdate.parse(JSON.parse(body))));
      case 'GET /2/tweets/search/stream':
        return this.#stream(request, response, url.searchParams);
      default:
        return this.#answer(response, { status: 404, body: { title: 'Not Found Error', detail: `No ${route}.` } });
    }
  }

  #answer(response: ServerResponse, { status, body, headers = {} }: Answer): void {
    if (this.#unanswered.has(response)) return void response.socket?.destroy();
    const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
    response.writeHead(status, { 'content-type': type, date: new Date(this.now()).toUTCString(), ...headers });
    response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  }

  #token(request: IncomingMessage, body: string): Answer {
    const { key, secret } = this.consumer;
    const expected = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
    if (request.headers.authorization !== expected || body !== 'grant_type=client_credentials') {
      const errors = [{ code: 99, message: 'Unable to verify your credentials', label: 'authenticity_token_error' }];
      return { status: 403, body: { errors } };
    }
    return { status: 200, body: { token_type: 'bearer', access_token: this.bearer } };
  }

  #list(token: string | null): Answer {
    const start = Number(token ?? 0);
    const data = this.rules.slice(start, start + this.rulesPerPage);
    const next = start + this.rulesPerPage;
    const meta = { result_count: data.length, ...(next < this.rules.length ? { next_token: String(next) } : {}) };
    // X leaves `data` out when there are none.
    return { status: 200, body: data.length === 0 ? { meta } : { data, meta } };
  }

  #update({ add = [], delete: remove }: z.output<typeof ruleUpdate>): Answer {
    const sent = new Date(this.now()).toISOString();
    if (remove !== undefined) {
      const kept = this.rules.filter(({ id }) => !remove.ids.includes(id));
      const summary = {
        deleted: this.rules.length - kept.length,
        not_deleted: remove.ids.length - (this.rules.length - kept.length),
      };
      this.rules = kept;
      return { status: 200, body: { meta: { sent, summary } } };
    }
    const errors: object[] = [];
    const data: HeldRule[] = [];
    for (const { value, tag } of add) {
      const existing = this.rules.find((rule) => rule.value === value);
      if (existing !== undefined) {
        errors.push({ value, id: existing.id, title: 'DuplicateRule', type: `${problems}/duplicate-rules` });
      } else if (/\bbounding_box:/.test(value)) {
        errors.push({
          value,
          details: ["Reference to invalid operator 'bounding_box'. Operator is not available in current product."],
          title: 'UnprocessableEntity',
          type: `${problems}/invalid-rules`,
        });
      } else data.push(this.addRule(value, tag));
    }
    const summary = { created: data.length, not_created: errors.length, valid: data.length, invalid: errors.length };
    return {
      status: 201,
      body: { ...(data.length > 0 ? { data } : {}), meta: { sent, summary }, ...(errors.length > 0 ? { errors } : {}) },
    };
  }

  #stream(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const accepted = /\bgzip\b/.test(String(request.headers['accept-encoding']));
    const refusal = this.streams.some(({ isOpen }) => isOpen)
      ? tooManyConnections
      : this.rules.length === 0
        ? noRules
        : undefined;
    if (refusal !== undefined) this.#answer(response, refusal);
    else this.streams.push(new FakeStream(response, query, { rules: () => this.rules, gzips: this.gzips && accepted }));
  }
}

/** One connection to the filtered stream. */
export class FakeStream {
  readonly query: URLSearchParams;
  isOpen = true;
  readonly isGzipped: boolean;
  readonly #response: ServerResponse;
  readonly #out: { write(data: Uint8Array | string): void; end(): void };
  readonly #rules: () => readonly HeldRule[];

  constructor(
    response: ServerResponse,
    query: URLSearchParams,
    { rules, gzips }: { rules: () => readonly HeldRule[]; gzips: boolean },
  ) {
    this.query = query;
    this.isGzipped = gzips;
    this.#response = response;
    this.#rules = rules;
    response.once('close', () => {
      this.isOpen = false;
    });
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      ...(gzips ? { 'content-encoding': 'gzip' } : {}),
    });
    response.flushHeaders();
    if (!gzips) {
      this.#out = response;
      return;
    }
    const gzip = createGzip();
    gzip.pipe(response);
    this.#out = {
      write: (data) => {
        gzip.write(data);
        gzip.flush();
      },
      end: () => gzip.end(),
    };
  }

  /**
   * Delivers a post: of it and of the included ones only what the query asked for. It matches every rule unless told
   * otherwise.
   */
  post(
    post: Post,
    included: { tweets?: Post[]; users?: { id: string; username: string; [field: string]: unknown }[] } = {},
    matching = this.#rules(),
  ): void {
    this.raw(`${JSON.stringify(this.envelope(post, included, matching))}\r\n`);
  }

  envelope(
    post: Post,
    included: { tweets?: Post[]; users?: { id: string; username: string }[] } = {},
    matching = this.#rules(),
  ): object {
    const asked = (list: string) => new Set((this.query.get(list) ?? '').split(','));
    const fields = asked('tweet.fields').add('id').add('text').add('edit_history_tweet_ids');
    const pick = (whole: Post) => Object.fromEntries(Object.entries(whole).filter(([field]) => fields.has(field)));
    const expansions = asked('expansions');
    const includes = {
      ...(included.tweets && expansions.has('referenced_tweets.id') ? { tweets: included.tweets.map(pick) } : {}),
      ...(included.users && expansions.has('author_id') ? { users: included.users } : {}),
    };
    return {
      data: { edit_history_tweet_ids: [post.id], ...pick(post) },
      ...(Object.keys(includes).length > 0 ? { includes } : {}),
      matching_rules: matching.map(({ id, tag }) => ({ id, ...(tag === undefined ? {} : { tag }) })),
    };
  }

  raw(data: Uint8Array | string): void {
    this.#out.write(data);
  }

  keepAlive(): void {
    this.raw('\r\n');
  }

  /** Sends X's message before it closes a connection. */
  operationalDisconnect(): void {
    this.raw(`${JSON.stringify(operationalDisconnect)}\r\n`);
    this.end();
  }

  /** Ends in an orderly manner, as a server does before a restart. */
  end(): void {
    this.#out.end();
  }

  /** Bytes that the reader has not taken yet, beyond what the network holds. */
  get backlog(): number {
    return this.#response.writableLength;
  }

  /** Cuts the connection. */
  cut(): void {
    this.#response.socket?.destroy();
  }
}

const problems = 'https://api.x.com/2/problems';

const unauthorized = { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' };

/** As `issues/100` of twitter-api-v2 shows it: the header tells of another limit, of which much is left. */
const tooManyConnections: Answer = {
  status: 429,
  headers: { 'x-rate-limit-limit': '50', 'x-rate-limit-remaining': '48', 'x-rate-limit-reset': '4102444800' },
  body: {
    title: 'ConnectionException',
    detail: 'This stream is currently at the maximum allowed connection limit.',
    connection_issue: 'TooManyConnections',
    type: `${problems}/streaming-connection`,
  },
};

const noRules: Answer = {
  status: 409,
  body: {
    title: 'ConnectionException',
    detail:
      'You must define rules using the POST /2/tweets/search/stream/rules endpoint before connecting to filtered stream.',
    connection_issue: 'RuleConfigurationIssue',
    type: `${problems}/streaming-connection`,
  },
};

const operationalDisconnect = {
  errors: [
    {
      title: 'operational-disconnect',
      disconnect_type: 'UpstreamOperationalDisconnect',
      detail: 'This stream has been disconnected upstream for operational reasons.',
      type: `${problems}/operational-disconnect`,
    },
  ],
};
