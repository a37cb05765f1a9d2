import { unsupportedOperation } from '../errors.ts';
import type { LocalService } from '../local-service.ts';
import type { WireService } from '../wire.ts';
import { convertInput, type InputConversions } from './conversions.ts';
import {
  type JsonVersion,
  jsonError,
  jsonResponse,
  parseJsonObject,
  stringifyOutput,
  targetOperation,
} from './json.ts';

/** The AWS JSON protocol of one service. */
export interface JsonProtocol {
  readonly kind: 'json';
  readonly version: JsonVersion;
  readonly targetPrefix: string;
  /** By operation. */
  readonly inputs: Readonly<Record<string, InputConversions>>;
}

/** Serves a local service over AWS JSON. */
export function jsonService(service: LocalService, protocol: JsonProtocol): WireService {
  const targetPrefixes = [protocol.targetPrefix];
  return {
    signingName: service.signingName,
    targetPrefixes,
    operation: (request) => targetOperation(request, targetPrefixes),
    async handle({ operation, request, context }) {
      const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
      if (run === undefined) throw unsupportedOperation(service.signingName, operation);
      const input = parseJsonObject(request.body);
      convertInput(input, protocol.inputs[operation]);
      return jsonResponse(protocol.version, context.requestId, stringifyOutput(await run(input, context)));
    },
    fail: (error, _request, requestId) => jsonError(protocol.version, error, requestId),
  };
}
