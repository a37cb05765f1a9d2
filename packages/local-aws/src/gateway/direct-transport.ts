import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transport } from '@tweet-pipes/kit/aws-clients';
import type { WireRequest, WireResponse } from './wire.ts';

type Handler = Transport['requestHandler'];
type Request = Parameters<Handler['handle']>[0];
type Answer = Awaited<ReturnType<Handler['handle']>>;

/**
 * Carries calls of AWS clients in this process to the endpoint without a socket and without signing (docs/adr/0017).
 * Requests, routing, intercepts and answers are the same. `answer` returns undefined where a connection would be cut.
 * As with a closed connection, an aborted call may still have its effect. Destroying a client cuts all calls of the
 * transport.
 */
export function directTransport(answer: (request: WireRequest) => Promise<WireResponse | undefined>): Transport {
  const open = new Set<(error: Error) => void>();
  let isDestroyed = false;
  const handle: Handler['handle'] = (request, { abortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const onAbort = () => settle(() => reject(named('AbortError', 'Request aborted')));
      const cut = (error: Error) => settle(() => reject(error));
      const settle = (end: () => void) => {
        open.delete(cut);
        if (isSignal(abortSignal)) abortSignal.removeEventListener('abort', onAbort);
        end();
      };
      if (abortSignal?.aborted) return onAbort();
      if (isDestroyed) return cut(connectionReset());
      open.add(cut);
      if (isSignal(abortSignal)) abortSignal.addEventListener('abort', onAbort);
      callEndpoint(request, answer).then(
        (response) => settle(() => resolve(response)),
        (error: Error) => cut(error),
      );
    });
  return {
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle,
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
      destroy() {
        isDestroyed = true;
        for (const cut of open) cut(connectionReset());
      },
    },
  };
}

async function callEndpoint(
  request: Request,
  answer: (request: WireRequest) => Promise<WireResponse | undefined>,
): Promise<Answer> {
  // Yields to the event loop as a socket does. Continuous calls must not starve timers and sockets.
  await nextTurn();
  const response = await answer(await wireRequest(request));
  if (response === undefined) throw connectionReset();
  const { statusCode, headers, body, events } = response;
  if (events !== undefined) throw new TypeError('Calls in this process cannot take an event stream.');
  // SDKs accept bytes, except for outputs that are streams. Only answers to GET are.
  const isStream = request.method === 'GET';
  return { response: { statusCode, headers: { ...headers }, body: isStream ? Readable.from([body]) : body } };
}

async function wireRequest({ method, path, query, headers, body }: Request): Promise<WireRequest> {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => (each === null ? escapeUri(name) : `${escapeUri(name)}=${escapeUri(each)}`)),
  );
  return {
    method,
    url: parameters.length === 0 ? path : `${path}?${parameters.join('&')}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: await readBody(body),
  };
}

async function readBody(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!(body instanceof Readable)) throw new TypeError('The body of a request must be text, bytes or a stream.');
  return buffer(body);
}

/** Percent-encodes as RFC 3986, which signatures require. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The SDK's error for a connection that is closed without an answer. The SDK may retry it. */
function connectionReset(): Error {
  return Object.assign(named('TimeoutError', 'socket hang up'), { code: 'ECONNRESET' });
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function isSignal(signal: unknown): signal is AbortSignal {
  return signal instanceof AbortSignal;
}
