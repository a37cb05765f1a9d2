import { once } from 'node:events';
import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  constants,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { encodeEvent } from './event-stream.ts';
import { PortInUseError } from './port-in-use-error.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/**
 * Limit of a request body, in bytes. Every supported service except S3 has a far lower limit. Larger objects need a
 * multipart upload.
 */
export const MAX_BODY_BYTES = 256 * 1024 * 1024;

const HTTP2_PREFACE = Buffer.from('PRI');
const HOST = '127.0.0.1';
/** RFC 9113 8.2.2: HTTP/2 forbids connection-specific headers. */
const HTTP1_ONLY = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection']);

/** Limit of a body that `answerHead` makes irrelevant, in bytes. It is read, since callers send before they listen. */
const MAX_IGNORED_BYTES = 1024 * 1024;

/**
 * `answerHead` answers a request that its body cannot change: it gets an empty one. Its second argument is the
 * listener's port. Undefined passes the request on to `answer`.
 *
 * `answer` never rejects. Undefined cuts the connection (in HTTP/2, the stream) without an answer. `tooLarge` answers a
 * request whose body exceeds `maxBodyBytes`. Its request has an empty body.
 */
export interface ListenOptions {
  /** 0 takes any free port. */
  port: number;
  answerHead?(request: WireRequest, port: number): WireResponse | undefined;
  answer(request: WireRequest): Promise<WireResponse | undefined>;
  tooLarge(request: WireRequest): WireResponse;
  /** Default {@link MAX_BODY_BYTES}. */
  maxBodyBytes?: number;
}

export interface Listener {
  readonly port: number;
  /** Closes every socket at once, including those with a call in flight. */
  stop(): Promise<void>;
}

/**
 * Serves HTTP/1.1 and HTTP/2 without TLS on one loopback port. The first three bytes of a connection distinguish them.
 * The SDK's Kinesis client uses HTTP/2, all others HTTP/1.1. Rejects with {@link PortInUseError} when the port is
 * taken.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  let port = options.port;
  const serve = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => {
    void answerRequest(request, response, options, port);
  };
  // No idle timeout: a client that reuses a connection while it is being closed sees a reset, and some do not retry.
  const http1 = createHttp1Server({ keepAliveTimeout: 0, requestTimeout: 0, noDelay: true }, serve);
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 1_000, initialWindowSize: 1 << 20 } }, serve);
  http2.on('sessionError', () => {}); // The caller closed the session. Its streams have ended already.
  http1.on('clientError', (_error, socket) => socket.destroy());

  const sockets = new Set<Socket>();
  const server = createSocketServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    peek(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(options.port, error) : error),
    );
    server.listen(options.port, HOST, () => {
      port = (server.address() as AddressInfo).port; // Never a string or null for a listening TCP server.
      resolve();
    });
  });
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Reads until the protocol is known, then puts the bytes back. Uses `readable`, not `data`: a flowing socket would lose
 * bytes to HTTP/2, which reads below the stream.
 */
function peek(socket: Socket, decided: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return; // The connection ended without data.
    seen = Buffer.concat([seen, chunk]);
    if (seen.length < HTTP2_PREFACE.length && HTTP2_PREFACE.subarray(0, seen.length).equals(seen)) return;
    socket.off('readable', onReadable);
    socket.unshift(seen);
    decided(seen.subarray(0, HTTP2_PREFACE.length).equals(HTTP2_PREFACE));
  };
  socket.on('readable', onReadable);
}

async function answerRequest(
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
  options: ListenOptions,
  port: number,
): Promise<void> {
  outgoing.on('error', () => {}); // The caller has closed the connection.
  const method = incoming.method ?? 'GET';
  const url = incoming.url ?? '/';
  const headers = requestHeaders(incoming);
  const head: WireRequest = { method, url, headers, body: Buffer.alloc(0) };
  const early = options.answerHead?.(head, port);
  const limit = early === undefined ? (options.maxBodyBytes ?? MAX_BODY_BYTES) : MAX_IGNORED_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming) {
      bytes += chunk.length;
      if (bytes > limit) break;
      chunks.push(chunk);
    }
  } catch {
    outgoing.destroy(); // Aborted while sending: the call was not made.
    return;
  }
  if (bytes > limit) {
    send(outgoing, early ?? options.tooLarge(head), method, true);
    return;
  }
  if (early !== undefined) return send(outgoing, early, method, false);
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes);
  const response = await options.answer({ method, url, headers, body });
  if (response === undefined) cutConnection(outgoing);
  else send(outgoing, response, method, false);
}

function requestHeaders(incoming: IncomingMessage | Http2ServerRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined) continue;
    if (name === ':authority') headers.host = String(value);
    else if (name === 'host' && ':authority' in incoming.headers) continue;
    else if (!name.startsWith(':')) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  headers.host ??= HOST;
  return headers;
}

function cutConnection(outgoing: ServerResponse | Http2ServerResponse): void {
  if ('stream' in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}

function send(
  outgoing: ServerResponse | Http2ServerResponse,
  response: WireResponse,
  method: string,
  close: boolean,
): void {
  if (outgoing.destroyed || outgoing.writableEnded) return;
  const isHttp2 = 'stream' in outgoing;
  for (const [name, value] of Object.entries(response.headers)) {
    if (!HTTP1_ONLY.has(name)) outgoing.setHeader(name, value);
  }
  const hasBody = method !== 'HEAD' && response.statusCode !== 204 && response.statusCode !== 304;
  if (hasBody && response.events === undefined) outgoing.setHeader('content-length', response.body.length);
  if (close && !isHttp2) outgoing.setHeader('connection', 'close');
  outgoing.statusCode = response.statusCode;
  if (response.events !== undefined) void sendEvents(outgoing, response.events);
  else if (hasBody) outgoing.end(response.body);
  else outgoing.end();
}

/** A failure cuts the connection: the caller has a part of the answer already and must not take it for the whole. */
async function sendEvents(
  outgoing: ServerResponse | Http2ServerResponse,
  events: NonNullable<WireResponse['events']>,
): Promise<void> {
  const closed = new AbortController();
  outgoing.once('close', () => closed.abort());
  try {
    for await (const event of events(closed.signal)) {
      if (closed.signal.aborted) return;
      if (!write(outgoing, encodeEvent(event))) await drained(outgoing, closed.signal);
    }
    outgoing.end();
  } catch {
    cutConnection(outgoing);
  }
}

function write(outgoing: ServerResponse | Http2ServerResponse, bytes: Uint8Array): boolean {
  return 'stream' in outgoing ? outgoing.write(bytes) : outgoing.write(bytes);
}

async function drained(outgoing: ServerResponse | Http2ServerResponse, closed: AbortSignal): Promise<void> {
  await once(outgoing, 'drain', { signal: closed }).catch(() => {}); // The caller has left.
}
