import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

const v2Name = 'network.bsky.jetstream.subscribeEvents';
const postCollection = 'app.bsky.feed.post';

/** An event as Jetstream keeps it; each protocol has its own form of it. */
export interface KeptEvent {
  timeUs: number;
  kind: string;
  did: string;
  /** Of a commit: `operation`, `collection`, `rkey`, `record`; else the event of the network. */
  body: Record<string, unknown>;
}

/** What happens to the next connection: refused with a status, accepted and then silent, or cut after some events. */
export type Turn = { status: number; body?: string } | 'silence' | { cutAfter: number; code?: number };

/** A connection that was made. */
export interface FakeConnection {
  query: URLSearchParams;
  path: string;
  isOpen: boolean;
  sent: number;
  socket: WebSocket;
}

/**
 * Jetstream on this machine, by its documentation: `/subscribe`
 * (https://github.com/bluesky-social/jetstream-legacy) and `subscribeEvents` (its lexicon in
 * https://github.com/bluesky-social/jetstream/tree/main/lexicons). It keeps its events: a cursor replays them.
 */
export class FakeJetstream {
  readonly connections: FakeConnection[] = [];
  /** What to do with the next connections, in turn. */
  turns: Turn[] = [];
  /** Events before it are not kept any more. */
  floorUs = 0;
  /** The time of the next event. */
  nowUs = Date.parse('2026-08-01T00:00:00Z') * 1000;
  readonly #events: KeptEvent[] = [];
  readonly #server: Server = createServer((_request, response) => response.writeHead(426).end());
  readonly #sockets = new WebSocketServer({ noServer: true });

  static async start(): Promise<FakeJetstream> {
    const fake = new FakeJetstream();
    fake.#server.on('upgrade', (request, socket, head) => fake.#upgrade(request, socket, head));
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get v1(): string {
    return `ws://127.0.0.1:${this.port}/subscribe`;
  }

  get v2(): string {
    return `ws://127.0.0.1:${this.port}/xrpc/${v2Name}`;
  }

  /** The connection that is open. */
  get open(): FakeConnection {
    const open = this.connections.find(({ isOpen }) => isOpen);
    if (open === undefined) throw new Error('No connection is open.');
    return open;
  }

  /** A post of a made-up author; returns its id in the pipeline. */
  post(rkey: string, record: Record<string, unknown> = {}, did = 'did:plc:aaaabbbbccccddddeeeeffff'): string {
    return this.commit({ operation: 'create', rkey, record: { ...post(), ...record } }, did);
  }

  /** A commit to the collection of posts, unless the body names another; returns the id in the pipeline. */
  commit(body: Record<string, unknown>, did = 'did:plc:aaaabbbbccccddddeeeeffff'): string {
    this.event('commit', { rev: '3kaaaaaaaaaaa', collection: postCollection, cid: 'bafyreia', ...body }, did);
    return `${did}/${body.rkey}`;
  }

  delete(rkey: string): void {
    this.commit({ operation: 'delete', rkey });
  }

  account(status: string | undefined, did = 'did:plc:aaaabbbbccccddddeeeeffff'): void {
    const gone = status === undefined ? { active: true } : { active: false, status };
    this.event('account', { ...gone, did, seq: 1, time: '2026-08-01T00:00:00.000Z' }, did);
  }

  event(kind: string, body: Record<string, unknown>, did = 'did:plc:aaaabbbbccccddddeeeeffff'): void {
    const event = { timeUs: this.nowUs, kind, did, body };
    this.nowUs += 1_000_000;
    this.#events.push(event);
    for (const connection of this.connections) this.#send(connection, event);
  }

  /** Sends something as it is to the open connection. */
  raw(frame: string | Buffer): void {
    this.open.socket.send(frame);
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const turn = this.turns.shift();
    const refusal = turn !== undefined && turn !== 'silence' && 'status' in turn ? turn : refusalOf(path, query);
    if (refusal !== undefined) {
      const { status, body = '' } = refusal;
      socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#serve(opened, path, query, turn));
  }

  #serve(socket: WebSocket, path: string, query: URLSearchParams, turn: Turn | undefined): void {
    const connection: FakeConnection = { query, path, isOpen: true, sent: 0, socket };
    socket.on('close', () => {
      connection.isOpen = false;
    });
    socket.on('error', () => {});
    this.connections.push(connection);
    if (turn === 'silence') {
      connection.isOpen = false;
      return;
    }
    if (turn !== undefined && 'cutAfter' in turn) cutAfter(connection, turn.cutAfter, turn.code);
    const cursor = query.get('cursor');
    if (cursor === null) return;
    if (Number(cursor) < this.floorUs && path.endsWith(v2Name)) {
      const payload = { $type: `${v2Name}#info`, name: 'OutdatedCursor', message: 'resumed from 7' };
      socket.send(JSON.stringify({ $type: 'message', payload }));
    }
    const fromUs = Math.max(Number(cursor), this.floorUs);
    for (const event of this.#events) if (event.timeUs >= fromUs) this.#send(connection, event);
  }

  #send(connection: FakeConnection, event: KeptEvent): void {
    const { isOpen, query, path, socket } = connection;
    if (!isOpen) return;
    const isV2 = path.endsWith(v2Name);
    const collections = query.getAll(isV2 ? 'collections' : 'wantedCollections');
    const kinds = query.getAll('kinds');
    if (isV2 && kinds.length > 0 && !kinds.includes(event.kind)) return;
    if (!isV2 && event.kind === 'sync') return;
    if (event.kind === 'commit' && !collections.includes(String(event.body.collection))) return;
    connection.sent += 1;
    socket.send(JSON.stringify(isV2 ? inV2(event) : inV1(event)));
  }
}

/** A post as an app writes it. */
export function post(text = 'made up', ...tags: string[]): Record<string, unknown> {
  const facets = tags.map((tag) => ({
    index: { byteStart: 0, byteEnd: 1 },
    features: [{ $type: 'app.bsky.richtext.facet#tag', tag }],
  }));
  return { $type: postCollection, text, langs: ['en'], createdAt: '2026-07-31T23:59:59.500Z', facets };
}

/** What the newer protocol rejects before it opens. */
function refusalOf(path: string, query: URLSearchParams): { status: number; body?: string } | undefined {
  if (path.endsWith('/subscribe')) return undefined;
  if (!path.endsWith(v2Name)) return { status: 404 };
  const unknown = [...query.keys()].find((name) => name.startsWith('wanted'));
  if (unknown === undefined) return undefined;
  return { status: 400, body: JSON.stringify({ error: 'InvalidRequest', message: `${unknown} is not a parameter` }) };
}

function inV1({ timeUs, kind, did, body }: KeptEvent): object {
  return { did, time_us: timeUs, kind, [kind]: body };
}

function inV2({ timeUs, kind, did, body }: KeptEvent): object {
  const time = `${new Date(Math.floor(timeUs / 1000)).toISOString().slice(0, -1)}${String(timeUs % 1000).padStart(3, '0')}Z`;
  const content = kind === 'commit' ? body : { [kind]: body };
  return { $type: 'message', payload: { $type: `${v2Name}#${kind}`, seq: 1, did, time, ...content } };
}

/** Cuts the connection when it has sent so many events: without a word, or with a close frame of this code. */
function cutAfter(connection: FakeConnection, events: number, code: number | undefined): void {
  const { socket } = connection;
  const send = socket.send.bind(socket);
  const end = () => {
    connection.isOpen = false;
    if (code === undefined) socket.terminate();
    else socket.close(code, 'made up');
  };
  if (events === 0) {
    end();
    return;
  }
  socket.send = (data: Parameters<WebSocket['send']>[0]) => {
    send(data, () => {
      if (connection.sent >= events) end();
    });
    if (connection.sent >= events) connection.isOpen = false;
  };
}
