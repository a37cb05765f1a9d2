import type { LocalService } from '../local-service.ts';
import type { WireRequest, WireService } from '../wire.ts';
import { type JsonProtocol, jsonService } from './json-service.ts';
import { type QueryProtocol, queryService } from './query-service.ts';
import { isRpcCbor, rpcCborService } from './rpc-cbor.ts';

/** A service that speaks AWS JSON, and the Query protocol and CBOR for clients of other ages. */
export interface SeveralProtocols {
  readonly kind: 'several';
  readonly json: JsonProtocol;
  readonly query: QueryProtocol;
}

/** Serves a local service in the protocol of each request. */
export function severalProtocols(service: LocalService, { json, query }: SeveralProtocols): WireService {
  const byJson = jsonService(service, json);
  const byQuery = queryService(service, query);
  const byCbor = rpcCborService(service);
  const of = (request: WireRequest): WireService => {
    if (isRpcCbor(request)) return byCbor;
    return request.headers['x-amz-target'] === undefined ? byQuery : byJson;
  };
  return {
    signingName: service.signingName,
    targetPrefixes: byJson.targetPrefixes,
    operation: (request) => of(request).operation(request),
    handle: (call) => of(call.request).handle(call),
    fail: (error, request, requestId) => of(request).fail(error, request, requestId),
  };
}
