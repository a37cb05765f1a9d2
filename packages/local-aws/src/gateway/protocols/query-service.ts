import { unsupportedOperation } from '../errors.ts';
import type { LocalService } from '../local-service.ts';
import type { WireService } from '../wire.ts';
import { parseQuery, queryError, queryResponse } from './query.ts';

/** The AWS Query protocol of one service: form parameters in, XML out. Every input value is a string. */
export interface QueryProtocol {
  readonly kind: 'query';
  readonly namespace: string;
}

/** Serves a local service over AWS Query. */
export function queryService(service: LocalService, protocol: QueryProtocol): WireService {
  return {
    signingName: service.signingName,
    targetPrefixes: [],
    operation: (request) => parseQuery(request).action,
    async handle({ operation, request, context }) {
      const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
      if (run === undefined) throw unsupportedOperation(service.signingName, operation);
      const output = await run(parseQuery(request).input, context);
      return queryResponse(operation, protocol.namespace, output, context.requestId);
    },
    fail: (error, _request, requestId) => queryError(protocol.namespace, error, requestId),
  };
}
