import { XMLBuilder } from 'fast-xml-parser';
import { AwsError } from '../aws-error.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

const xml = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true });

/** Parses `Action=DescribeStacks&StackName=x&Filters.member.1=y`. The action is in the body, or in the URL of a GET. */
export function parseQuery(request: WireRequest): { action: string; version: string; input: Record<string, unknown> } {
  const at = request.url.indexOf('?');
  const parameters = new URLSearchParams(at < 0 ? '' : request.url.slice(at));
  for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) parameters.append(name, value);
  const action = parameters.get('Action');
  if (action === null) throw new AwsError('MissingAction', 'The request names no Action.');
  const tree: Tree = new Map();
  for (const [name, value] of parameters) {
    if (name === 'Action' || name === 'Version' || /^x-amz-/i.test(name)) continue;
    putMember(tree, name.split('.'), value);
  }
  return {
    action,
    version: parameters.get('Version') ?? '',
    input: Object.fromEntries([...tree].map(([k, v]) => [k, toPlain(v)])),
  };
}

/**
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html: lists as `member` elements, a `Map` as
 * `entry` elements, times in ISO 8601, blobs in base64.
 */
export function queryResponse(action: string, namespace: string, output: object, requestId: string): WireResponse {
  return xmlResponse(200, requestId, {
    [`${action}Response`]: {
      '@xmlns': namespace,
      [`${action}Result`]: toXml(output),
      ResponseMetadata: { RequestId: requestId },
    },
  });
}

export function queryError(namespace: string, error: AwsError, requestId: string): WireResponse {
  return xmlResponse(error.statusCode, requestId, {
    ErrorResponse: {
      '@xmlns': namespace,
      Error: { Type: error.statusCode < 500 ? 'Sender' : 'Receiver', Code: error.name, Message: error.message },
      RequestId: requestId,
    },
  });
}

/** The error form of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function s3Error(error: AwsError, request: WireRequest, requestId: string): WireResponse {
  const response = xmlResponse(error.statusCode, requestId, {
    Error: { Code: error.name, Message: error.message, Resource: request.url.split('?')[0], RequestId: requestId },
  });
  return {
    ...response,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: request.method === 'HEAD' ? Buffer.alloc(0) : response.body,
  };
}

function xmlResponse(statusCode: number, requestId: string, document: object): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml.build(document)}`),
  };
}

type Tree = Map<string, Tree | string>;

function putMember(tree: Tree, path: readonly string[], value: string): void {
  const [step = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(step, value);
    return;
  }
  const found = tree.get(step);
  const branch: Tree = found instanceof Map ? found : new Map();
  tree.set(step, branch);
  putMember(branch, rest, value);
}

/** `{member: {1: a, 2: b}}` is a list. */
function toPlain(value: Tree | string): unknown {
  if (typeof value === 'string') return value;
  const list = value.get('member');
  if (value.size === 1 && list instanceof Map) {
    return [...list].sort(([a], [b]) => Number(a) - Number(b)).map(([, element]) => toPlain(element));
  }
  return Object.fromEntries([...value].map(([name, member]) => [name, toPlain(member)]));
}

function toXml(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return { entry: [...value].map(([key, member]) => ({ key, value: toXml(member) })) };
  if (Array.isArray(value)) return { member: value.map(toXml) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, toXml(member)]),
  );
}
