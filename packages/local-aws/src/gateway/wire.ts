import type { AwsError } from './aws-error.ts';
import type { ConnectionCut } from './connection-cut.ts';
import type { RequestContext } from './local-service.ts';

/** One HTTP request with its whole body, whichever HTTP version it came by. */
export interface WireRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly url: string;
  /** Names in lower case; `host` is always there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One HTTP response with its whole body. The listener adds `content-length` and drops what HTTP/2 forbids. */
export interface WireResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One call of one operation, as it travels from the gateway to the service that answers it. */
export interface Call {
  /** The service name in the signature's credential scope: `kinesis`. */
  readonly service: string;
  /** The operation by its name in the API model: `PutRecords`. */
  readonly operation: string;
  readonly request: WireRequest;
  readonly context: RequestContext;
}

/**
 * Stands between callers and services: it may answer itself, throw an {@link AwsError}, throw a {@link ConnectionCut},
 * delay, or call `forward`, also with another request, and change the answer.
 */
export type Intercept = (
  call: Call,
  forward: (request?: WireRequest) => Promise<WireResponse>,
) => Promise<WireResponse>;

/** An AWS service that speaks its own wire protocol. Engines are these; ours become one by their protocol. */
export interface WireService {
  readonly signingName: string;
  /** The part of `X-Amz-Target` before the dot, for requests without a signature. */
  readonly targetPrefixes: readonly string[];
  /** Names the operation a request asks for; throws {@link AwsError} when this service has none such. */
  operation(request: WireRequest): string;
  /** Answers; throws {@link AwsError} for what the caller did wrong. */
  handle(call: Call): Promise<WireResponse>;
  /** An error in this service's protocol. */
  fail(error: AwsError, request: WireRequest, requestId: string): WireResponse;
}

/** The `host` a caller used, so that addresses in answers lead back to where the caller is: `http://127.0.0.1:4566`. */
export function callerEndpoint(request: WireRequest): string {
  return `http://${request.headers.host ?? '127.0.0.1'}`;
}
