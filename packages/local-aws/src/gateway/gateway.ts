import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import type { Engine } from '../engines/engine.ts';
import { AwsError } from './aws-error.ts';
import { ConnectionCut } from './connection-cut.ts';
import { checkOrigin, preflightAnswer, readableAnswer } from './cors.ts';
import { credentialScope } from './credential-scope.ts';
import { internalFailure } from './errors.ts';
import { checkHost } from './hosts.ts';
import { listen, MAX_BODY_BYTES } from './listener.ts';
import type { LocalService } from './local-service.ts';
import { createPageGuard } from './page-guard.ts';
import { wireService } from './protocols/services.ts';
import { quietLog } from './quiet-log.ts';
import { createRouter } from './router.ts';
import type { Intercept, WireRequest, WireResponse } from './wire.ts';

/** The answer of a path of the runtime, such as `/_health`. */
export interface RouteAnswer {
  statusCode: number;
  body: Json;
}

/** Answers a web page of the endpoint, and what the page asks for. Rejections are defects. */
export type PageHandler = (request: WireRequest) => Promise<WireResponse>;

export interface GatewayOptions {
  /** 0 takes any free port. */
  port: number;
  region: string;
  /** Twelve digits. */
  accountId: string;
  random: Random;
  /** The runtime's own services. Each signing name once. */
  services: readonly LocalService[];
  engines: readonly Engine[];
  /** The runtime's own paths (`/_health`), answered in JSON to GET. */
  routes?: Readonly<Record<string, () => Promise<RouteAnswer>>>;
  /** Web pages by their path (`/_console`). Each handler answers its path and every path below. */
  pages?: Readonly<Record<string, PageHandler>>;
  /** Wraps every call, for tests and fault injection. */
  intercept?: Intercept;
  /** Origins of web pages that may call the endpoint: `http://localhost:3000`. Default: none. */
  allowOrigins?: readonly string[];
  /** Other names of the endpoint, `host` or `host:port`, such as that of a forwarded port. Default: none. */
  allowHosts?: readonly string[];
  /** Limits how often a refusal is logged. Default: the system's. */
  clock?: Pick<Clock, 'now'>;
  /** Called with each defect and each refused web page, one line without payload. Default: stderr. */
  log?(line: string): void;
}

export interface Gateway {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  readonly port: number;
  /** Answers callers in this process as over HTTP. Undefined where it would cut the connection. */
  answer(request: WireRequest): Promise<WireResponse | undefined>;
  /** Closes the port and every connection. The engines keep running. */
  stop(): Promise<void>;
}

/**
 * Serves every AWS service on one loopback port, HTTP/1.1 and HTTP/2: by the service name in the signature's credential
 * scope, then by `X-Amz-Target`, then S3. Refuses what a web page can send (SECURITY.md). Rejects with `PortInUseError`
 * when the port is taken, with TypeError for an allowed origin or host that is none.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const router = createRouter([
    ...options.services.map(wireService),
    ...options.engines.flatMap((engine) => engine.services),
  ]);
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const forward: Intercept = options.intercept ?? ((_call, next) => next());

  const answer = async (sent: WireRequest): Promise<WireResponse | undefined> => {
    const route = ownRoute(options.routes, sent);
    if (route !== undefined) return route();
    const page = pageHandler(options.pages, sent);
    if (page !== undefined) return answerPage(page, sent, log);
    const scope = credentialScope(sent);
    const service = router(scope?.service, sent);
    const { request, answer } = service.translate?.(sent) ?? { request: sent, answer: sameAnswer };
    const requestId = options.random.uuid();
    let operation = '(unknown)';
    try {
      operation = service.operation(request);
      const call = {
        service: service.signingName,
        operation,
        request,
        context: {
          region: scope?.region ?? options.region,
          accountId: options.accountId,
          requestId,
          accessKeyId: scope?.accessKeyId ?? '',
        },
      };
      return answer(
        await forward(call, (changed) => service.handle(changed === undefined ? call : { ...call, request: changed })),
      );
    } catch (error) {
      if (error instanceof ConnectionCut) return undefined;
      if (error instanceof AwsError) return answer(service.fail(error, request, requestId));
      log(`${service.signingName} ${operation} failed (${requestId}): ${describeDefect(error)}`);
      return answer(service.fail(internalFailure(requestId), request, requestId));
    }
  };
  /** Answers a request that reaches no service. */
  const fail = (request: WireRequest, error: AwsError): WireResponse => {
    const service = router(credentialScope(request)?.service, request);
    const response = service.fail(error, request, options.random.uuid());
    return service.translate?.(request)?.answer(response) ?? response;
  };
  const tooLarge = (request: WireRequest): WireResponse =>
    fail(
      request,
      new AwsError('EntityTooLarge', `The request body is larger than ${MAX_BODY_BYTES} bytes. Send it in parts.`),
    );
  const allowOrigins = options.allowOrigins ?? [];
  for (const origin of allowOrigins) checkOrigin(origin);
  const allowHosts = options.allowHosts ?? [];
  for (const host of allowHosts) checkHost(host);
  const refuse = createPageGuard(router, { allowOrigins, allowHosts });
  const logRefusal = quietLog(log, options.clock ?? systemClock);
  const listener = await listen({
    port: options.port,
    answerHead(request, port) {
      const refusal = refuse(request, port);
      if (refusal === undefined) return preflightAnswer(request, allowOrigins);
      logRefusal(`Refused a request (${request.method}). ${refusal.message}`);
      return readableAnswer(request, fail(request, refusal), allowOrigins);
    },
    async answer(request) {
      const response = await answer(request);
      return response && readableAnswer(request, response, allowOrigins);
    },
    tooLarge,
  });
  return { endpoint: `http://127.0.0.1:${listener.port}`, port: listener.port, answer, stop: listener.stop };
}

function sameAnswer(response: WireResponse): WireResponse {
  return response;
}

function ownRoute(routes: GatewayOptions['routes'], request: WireRequest): (() => Promise<WireResponse>) | undefined {
  const path = pathOf(request);
  if (routes === undefined || request.method !== 'GET' || !Object.hasOwn(routes, path)) return undefined;
  const handler = routes[path];
  if (handler === undefined) return undefined;
  return async () => {
    const { statusCode, body } = await handler();
    return jsonAnswer(statusCode, body);
  };
}

function pageHandler(pages: GatewayOptions['pages'] = {}, request: WireRequest): PageHandler | undefined {
  const path = pathOf(request);
  return Object.entries(pages).find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
}

async function answerPage(page: PageHandler, request: WireRequest, log: (line: string) => void): Promise<WireResponse> {
  try {
    return await page(request);
  } catch (error) {
    log(`${request.method} ${pathOf(request)} failed: ${describeDefect(error)}`);
    const message = 'The page could not be answered. The console names the defect.';
    return jsonAnswer(500, { error: 'InternalFailure', message });
  }
}

function pathOf({ url }: WireRequest): string {
  return url.split('?')[0] ?? '/';
}

function jsonAnswer(statusCode: number, body: Json): WireResponse {
  const headers = { 'content-type': 'application/json' };
  return { statusCode, headers, body: Buffer.from(`${JSON.stringify(body)}\n`) };
}

/** Name, code and stack frame of a defect, without its message, which could contain the caller's data. */
function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name}${code}${frame === undefined ? '' : ` ${frame.trim()}`}`;
}
