import type { PageHandler, WireRequest, WireResponse } from '@tweet-pipes/local-aws';
import { foreignCaller } from '@tweet-pipes/local-aws/gateway/foreign-caller';
import { type Listener, listen } from '@tweet-pipes/local-aws/gateway/listener';

/** What to serve, and where. */
export interface ConsoleServerOptions {
  /** On 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Answers `/_console` and what is below. */
  page: PageHandler;
  /** Takes a line for each request that is refused. */
  log(line: string): void;
}

/** More than any request of the page. */
const mostBodyBytes = 1_000_000;

/**
 * Serves the console page on a loopback port of its own. As the local endpoint does, it refuses requests that name
 * another host and those of other web pages. Rejects with PortInUseError when the port is taken.
 */
export function serveConsole({ port, page, log }: ConsoleServerOptions): Promise<Listener> {
  const noOthers = { allowOrigins: [], allowHosts: [] };
  return listen({
    port,
    maxBodyBytes: mostBodyBytes,
    answerHead(request, ownPort) {
      const refusal = foreignCaller(request, ownPort, noOthers);
      if (refusal === undefined) return undefined;
      log(`Refused a request (${request.method}). ${refusal.message}`);
      return failure(403, 'AccessDenied', refusal.message);
    },
    answer: (request) => answer(page, request),
    tooLarge: () => failure(413, 'EntityTooLarge', 'The request is larger than any that the page sends.'),
  });
}

async function answer(page: PageHandler, request: WireRequest): Promise<WireResponse> {
  const [path = ''] = request.url.split('?');
  if (path === '/_console' || path.startsWith('/_console/')) return page(request);
  if (path === '/' && request.method === 'GET') {
    return { statusCode: 302, headers: { location: '/_console' }, body: Buffer.alloc(0) };
  }
  return failure(404, 'NotFound', 'There is only /_console here.');
}

function failure(statusCode: number, error: string, message: string): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: Buffer.from(JSON.stringify({ error, message })),
  };
}
