import type { AwsError } from './aws-error.ts';
import type { ConnectionCut } from './connection-cut.ts';
import type { RequestContext } from './local-service.ts';

/** One HTTP request with its whole body, of any HTTP version. */
export interface WireRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly url: string;
  /** Names in lower case. `host` is always set. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * One HTTP response with its whole body, or with events that follow in their time. The listener adds
 * `content-length` and drops headers that HTTP/2 forbids.
 */
export interface WireResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The events of an answer that is an event stream; `body` is empty. `closed` aborts when the caller has left. */
  readonly events?: (closed: AbortSignal) => AsyncIterable<WireEvent>;
}

/** One event of an answer that is an event stream. */
export interface WireEvent {
  /** The member of the stream's union in the API model: `SubscribeToShardEvent`. */
  readonly type: string;
  /** Whether the type is an error, which ends the stream. */
  readonly isException?: boolean;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A call in the protocol that the service speaks, for a caller that speaks another one. */
export interface Translation {
  readonly request: WireRequest;
  /** Translates the answer, or an error, back. */
  answer(response: WireResponse): WireResponse;
}

/** One call of one operation. */
export interface Call {
  /** The service name in the signature's credential scope: `kinesis`. */
  readonly service: string;
  /** The operation by its name in the API model: `PutRecords`. */
  readonly operation: string;
  readonly request: WireRequest;
  readonly context: RequestContext;
}

/**
 * Wraps a call: it may answer, delay, throw {@link AwsError} or {@link ConnectionCut}, or call `forward`, with the same
 * or another request, and change the answer.
 */
export type Intercept = (
  call: Call,
  forward: (request?: WireRequest) => Promise<WireResponse>,
) => Promise<WireResponse>;

/** An AWS service with its wire protocol. Engines provide one; a {@link LocalService} becomes one by its protocol. */
export interface WireService {
  readonly signingName: string;
  /** The part of `X-Amz-Target` before the dot, for requests without a signature. */
  readonly targetPrefixes: readonly string[];
  /** The operation of a request. Throws {@link AwsError} when the service does not have it. */
  operation(request: WireRequest): string;
  /** Answers a call. Throws {@link AwsError} for an error of the caller. */
  handle(call: Call): Promise<WireResponse>;
  /** The translation of a request in a second protocol, so that intercepts see one. Never throws. Default: none. */
  translate?(request: WireRequest): Translation | undefined;
  /** Encodes an error in the service's protocol. */
  fail(error: AwsError, request: WireRequest, requestId: string): WireResponse;
}

/** The endpoint by the `host` that the caller used, for URLs in answers: `http://127.0.0.1:4566`. */
export function callerEndpoint(request: WireRequest): string {
  return `http://${request.headers.host ?? '127.0.0.1'}`;
}
