import { peekJsonObject } from '../../gateway/protocols/json.ts';
import { lambdaRoutes } from '../../gateway/protocols/lambda-routes.ts';
import { pipesRoutes } from '../../gateway/protocols/pipes-routes.ts';
import { parseQuery } from '../../gateway/protocols/query.ts';
import { matchRoute, type RestRoute } from '../../gateway/protocols/rest-json.ts';
import { isRpcCbor, parseCbor } from '../../gateway/protocols/rpc-cbor.ts';
import { schedulerRoutes } from '../../gateway/protocols/scheduler-routes.ts';
import type { WireRequest } from '../../gateway/wire.ts';

type Input = Readonly<Record<string, unknown>>;

const routesOf: Readonly<Record<string, readonly RestRoute[]>> = {
  lambda: lambdaRoutes,
  pipes: pipesRoutes,
  scheduler: schedulerRoutes,
};
const QUERY_SERVICES = new Set(['cloudformation', 'iam', 'sns', 'sts']);

/**
 * The members of a request, as far as rights depend on them. Nothing of a request that the service will refuse, and of
 * S3, whose rights depend on the URL and headers.
 */
export function requestInput(service: string, request: WireRequest): Input {
  if (service === 's3') return {};
  const routes = routesOf[service];
  if (routes !== undefined) return restInput(routes, request);
  if (QUERY_SERVICES.has(service)) return parseQuery(request).input;
  if (service !== 'monitoring') return peekJsonObject(request.body) ?? {};
  if (isRpcCbor(request)) return cborInput(request);
  return request.headers['x-amz-target'] === undefined
    ? parseQuery(request).input
    : (peekJsonObject(request.body) ?? {});
}

/** Of the path, the query and the JSON body. A body that is a payload tells no rights. */
function restInput(routes: readonly RestRoute[], request: WireRequest): Input {
  const match = matchRoute(routes, request);
  if (match === undefined) return {};
  const { route, labels } = match;
  const body = route.payload === undefined ? peekJsonObject(request.body) : undefined;
  const query = new URLSearchParams(request.url.split(/\?(.*)/s)[1] ?? '');
  const named = Object.entries(route.query ?? {}).flatMap(([parameter, member]) => {
    const value = query.get(parameter);
    return value === null ? [] : [[member, value]];
  });
  return { ...body, ...labels, ...Object.fromEntries(named) };
}

function cborInput({ body }: WireRequest): Input {
  try {
    return parseCbor(body);
  } catch {
    return {};
  }
}
