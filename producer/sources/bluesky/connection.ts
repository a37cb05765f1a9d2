import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { type RawData, WebSocket } from 'ws';
import { Wake } from '../../wake.ts';
import { inTime } from '../in-time.ts';

/** The network never pauses for so long. An instance can accept a connection and then send nothing. */
export const longestSilenceMs = 30_000;

/** The connection is paused when this many frames wait to be read. Those of one more read of the socket can follow. */
const mostWaiting = 1_000;
/** A frame of more bytes ends the connection. Larger events than a quarter of this are not subscribed to. */
const largestFrameBytes = 16 * 1024 ** 2;
/** Bytes of a refusal that are looked at. */
const largestRefusalBytes = 10_000;

/** The connection has ended. The message says why, without a full stop. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
  /** The server accepted the connection and then sent nothing for {@link longestSilenceMs}, or never answered. */
  readonly isSilent: boolean;

  constructor(reason: string, isSilent = false) {
    super(reason);
    this.isSilent = isSilent;
  }
}

/**
 * The frames of a WebSocket, as text; a binary one, which was not asked for, is an empty text. A slow consumer pauses
 * the connection. Ends when the signal aborts, else throws {@link Disconnected} after the last frame.
 */
export async function* frames(
  url: URL,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): AsyncGenerator<string> {
  if (signal.aborted) return;
  const socket = new WebSocket(url, { maxPayload: largestFrameBytes });
  const waiting = new Waiting(socket);
  try {
    while (!signal.aborted) {
      for (let frame = waiting.take(); frame !== undefined && !signal.aborted; frame = waiting.take()) yield frame;
      if (signal.aborted) return;
      if (waiting.ending !== undefined) throw new Disconnected(waiting.ending);
      const isThere = await inTime(waiting.change(), { ms: longestSilenceMs, clock, signal });
      if (!isThere && !signal.aborted) throw new Disconnected(`Nothing came for ${longestSilenceMs / 1000} s`, true);
    }
  } finally {
    // Does not wait for the server, which may be gone.
    socket.terminate();
  }
}

/** What a socket has brought and was not taken yet, at most some thousand frames. */
class Waiting {
  /** Why there will be no more frames. */
  ending: string | undefined;
  readonly #socket: WebSocket;
  readonly #wake = new Wake();
  #frames: string[] = [];
  #next = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#add(data, isBinary));
    socket.on('unexpected-response', (request, response) => void this.#refused(request, response));
    socket.on('error', (error) => this.#end(`The connection failed: ${reasonOf(error)}`));
    socket.on('close', (code, reason) => this.#end(closeReason(code, reason.toString())));
  }

  /** The oldest frame. */
  take(): string | undefined {
    const frame = this.#frames[this.#next];
    if (frame !== undefined) {
      this.#next += 1;
      return frame;
    }
    this.#frames = [];
    this.#next = 0;
    if (this.#socket.isPaused) this.#socket.resume();
    return undefined;
  }

  /** Resolves when there is another frame, or an ending. */
  change(): Promise<void> {
    return this.#wake.sleep();
  }

  #add(data: RawData, isBinary: boolean): void {
    this.#frames.push(isBinary ? '' : data.toString());
    if (this.#frames.length - this.#next >= mostWaiting) this.#socket.pause();
    this.#wake.up();
  }

  #end(reason: string): void {
    this.ending ??= reason;
    this.#wake.up();
  }

  async #refused(request: ClientRequest, response: IncomingMessage): Promise<void> {
    let body = '';
    try {
      for await (const chunk of response) {
        body += String(chunk);
        if (body.length > largestRefusalBytes) break;
      }
    } catch {
      // The status says enough.
    }
    request.destroy();
    const said = errorIn(body);
    this.#end(`The server answers ${response.statusCode}${said === '' ? '' : ` ${said}`}`);
  }
}

/** The error of an XRPC answer, such as `InvalidRequest: …`. */
function errorIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? said(value.error, value.message) : '';
  } catch {
    return '';
  }
}

/** What a server says of itself, on one line and short. */
export function said(...parts: unknown[]): string {
  const words = parts.filter((part) => typeof part === 'string' && part !== '').join(': ');
  return words.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}

function reasonOf(error: Error): string {
  return 'code' in error && error.message === '' ? String(error.code) : said(error.message);
}

function closeReason(code: number, reason: string): string {
  // 1005 and 1006 stand for an end without a code.
  const why = said(...(code === 1005 || code === 1006 ? [] : [String(code)]), reason);
  return `The connection was closed${why === '' ? '' : ` (${why})`}`;
}
