import { AwsError } from './aws-error.ts';
import { jsonError } from './protocols/json.ts';
import { queryError, s3Error } from './protocols/query.ts';
import { restJsonError } from './protocols/rest-json.ts';
import type { WireRequest, WireResponse, WireService } from './wire.ts';

/**
 * Picks the service of a request. An unsupported service gets a placeholder that answers a named error in the protocol
 * of the request.
 */
export type Router = (signingName: string | undefined, request: WireRequest) => WireService;

/** Throws when two services claim one signing name. */
export function createRouter(services: readonly WireService[]): Router {
  const byName = new Map<string, WireService>();
  for (const service of services) {
    if (byName.has(service.signingName)) throw new Error(`Two services are named ${service.signingName}.`);
    byName.set(service.signingName, service);
  }
  const byTarget = new Map(services.flatMap((service) => service.targetPrefixes.map((prefix) => [prefix, service])));
  return (signingName, request) => {
    if (signingName !== undefined) return byName.get(signingName) ?? notServed(signingName);
    const target = request.headers['x-amz-target'];
    if (target !== undefined) {
      const prefix = target.slice(0, target.lastIndexOf('.'));
      return byTarget.get(prefix) ?? notServed(prefix);
    }
    return byName.get('s3') ?? notServed('s3');
  };
}

/** What to do in place of a service, where tools call it by themselves. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['ecr', ' Container images do not run here: give a function its code as a folder (lambda.Code.fromAsset).'],
]);

function notServed(name: string): WireService {
  const refuse = (): never => {
    throw new AwsError(
      'UnknownServiceException',
      `The service ${name} is not served by the local endpoint; docs/feature-support.md lists those that are.${REMEDIES.get(name) ?? ''}`,
    );
  };
  const fail = (error: AwsError, request: WireRequest, requestId: string): WireResponse =>
    name === 's3' ? s3Error(error, request, requestId) : guessProtocol(error, request, requestId);
  return { signingName: name, targetPrefixes: [], operation: refuse, handle: refuse, fail };
}

function guessProtocol(error: AwsError, request: WireRequest, requestId: string): WireResponse {
  const type = request.headers['content-type'] ?? '';
  if (request.headers['x-amz-target'] !== undefined) {
    return jsonError(type.endsWith('1.1') ? '1.1' : '1.0', error, requestId);
  }
  return type.startsWith('application/x-www-form-urlencoded')
    ? queryError('', error, requestId)
    : restJsonError(error, requestId);
}
