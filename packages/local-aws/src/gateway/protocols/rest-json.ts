import { AwsError } from '../aws-error.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { InputConversions } from './conversions.ts';

/** One operation of a REST service: its request line, and the members outside of the JSON body. */
export interface RestRoute {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{Name}` stands for one path segment and becomes the member `Name`. A trailing slash of the request is ignored. */
  readonly path: string;
  /** Input member by query parameter. */
  readonly query?: Readonly<Record<string, string>>;
  /** Input member, a list, by query parameter that may be repeated. */
  readonly queryLists?: Readonly<Record<string, string>>;
  /** Input member by request header, lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The input and output member that is the raw body instead of JSON. */
  readonly payload?: string;
  readonly inputs?: InputConversions;
  /** Default 200. The output member {@link statusMember} has precedence. */
  readonly statusCode?: number;
  readonly statusMember?: string;
  /** Response header, lower case, by output member. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Limit of the request body in bytes, and the error above it. */
  readonly bodyLimit?: { readonly bytes: number; readonly error: string };
}

export interface RestMatch {
  readonly route: RestRoute;
  /** The members in the path, decoded. */
  readonly labels: Record<string, string>;
}

/**
 * Finds the route of a request. Undefined when none matches. Throws `SerializationException` for a path that is badly
 * percent-encoded.
 */
export function matchRoute(routes: readonly RestRoute[], request: WireRequest): RestMatch | undefined {
  const segments = pathSegments(request.url.split('?')[0] ?? '/');
  for (const route of routes) {
    if (route.method !== request.method) continue;
    const labels = matchPath(pathSegments(route.path), segments);
    if (labels !== undefined) return { route, labels };
  }
  return undefined;
}

function pathSegments(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

function matchPath(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const label = /^\{(\w+)\}$/.exec(part)?.[1];
    if (label === undefined) {
      if (part !== segment) return undefined;
    } else {
      if (segment === '') return undefined;
      labels[label] = decodeSegment(segment);
    }
  }
  return labels;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new AwsError('SerializationException', 'The path is not valid percent-encoding.', { cause });
  }
}

/**
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html: the code in a header, the text in the body. Lambda's
 * model has it as `Message`, the others as `message`.
 */
export function restJsonError(error: AwsError, requestId: string): WireResponse {
  const type = error.statusCode < 500 ? 'User' : 'Service';
  return {
    statusCode: error.statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.name },
    body: Buffer.from(JSON.stringify({ Type: type, message: error.message, Message: error.message })),
  };
}
