import { AwsError } from '../aws-error.ts';
import { unsupportedOperation } from '../errors.ts';
import type { LocalService } from '../local-service.ts';
import type { WireRequest, WireResponse, WireService } from '../wire.ts';
import { convertInput } from './conversions.ts';
import { parseJsonObject, stringifyOutput } from './json.ts';
import { matchRoute, type RestMatch, type RestRoute, restJsonError } from './rest-json.ts';

/** The REST protocol with JSON bodies of one service. */
export interface RestJsonProtocol {
  readonly kind: 'rest-json';
  readonly routes: readonly RestRoute[];
}

/** Serves a local service over REST with JSON bodies. */
export function restJsonService(service: LocalService, protocol: RestJsonProtocol): WireService {
  const match = (request: WireRequest): RestMatch => {
    const found = matchRoute(protocol.routes, request);
    if (found !== undefined) return found;
    const path = request.url.split('?')[0];
    throw new AwsError(
      'UnknownOperationException',
      `${service.signingName} has no operation ${request.method} ${path} on the local endpoint; docs/feature-support.md lists what it has.`,
      { statusCode: 404 },
    );
  };
  return {
    signingName: service.signingName,
    targetPrefixes: [],
    operation: (request) => match(request).route.operation,
    async handle({ request, context }) {
      const { route, labels } = match(request);
      const run = service.operations[route.operation];
      if (run === undefined) throw unsupportedOperation(service.signingName, route.operation);
      const output = await run(readInput(route, labels, request), context);
      return writeOutput(route, output, context.requestId);
    },
    fail: (error, _request, requestId) => restJsonError(error, requestId),
  };
}

function readInput(route: RestRoute, labels: Record<string, string>, request: WireRequest): Record<string, unknown> {
  if (route.bodyLimit !== undefined && request.body.length > route.bodyLimit.bytes) {
    throw new AwsError(
      route.bodyLimit.error,
      `Request must be smaller than ${route.bodyLimit.bytes} bytes for the ${route.operation} operation`,
      { statusCode: 413 },
    );
  }
  const input: Record<string, unknown> =
    route.payload === undefined ? parseJsonObject(request.body) : { [route.payload]: new Uint8Array(request.body) };
  convertInput(input, route.inputs);
  Object.assign(input, labels);
  const at = request.url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : request.url.slice(at));
  for (const [parameter, member] of Object.entries(route.query ?? {})) {
    const value = query.get(parameter);
    if (value !== null) input[member] = value;
  }
  for (const [parameter, member] of Object.entries(route.queryLists ?? {})) input[member] = query.getAll(parameter);
  for (const [header, member] of Object.entries(route.headers ?? {})) {
    const value = request.headers[header];
    if (value !== undefined) input[member] = value;
  }
  return input;
}

function writeOutput(route: RestRoute, output: object, requestId: string): WireResponse {
  const members: Record<string, unknown> = { ...output };
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  for (const [member, header] of Object.entries(route.responseHeaders ?? {})) {
    if (members[member] !== undefined) headers[header] = String(members[member]);
    delete members[member];
  }
  let statusCode = route.statusCode ?? 200;
  if (route.statusMember !== undefined) {
    const status = members[route.statusMember];
    if (typeof status === 'number') statusCode = status;
    delete members[route.statusMember];
  }
  if (route.payload !== undefined) {
    const payload = members[route.payload];
    return { statusCode, headers, body: payload instanceof Uint8Array ? Buffer.from(payload) : Buffer.alloc(0) };
  }
  return { statusCode, headers, body: statusCode === 204 ? Buffer.alloc(0) : Buffer.from(stringifyOutput(members)) };
}
