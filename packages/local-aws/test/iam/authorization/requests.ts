import type { WireRequest } from '../../../src/gateway/wire.ts';

/** A request as a row's test writes it. */
export type Given =
  | { readonly json: object }
  | { readonly query: Readonly<Record<string, string>> }
  | { readonly http: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** The request on the wire. `http` is a request line: `GET /bucket/key?versionId=1`. */
export function wireRequest(given: Given): WireRequest {
  const host = { host: '127.0.0.1:4566' };
  if ('json' in given) {
    return {
      method: 'POST',
      url: '/',
      headers: { ...host, 'x-amz-target': 'Service.Operation' },
      body: Buffer.from(JSON.stringify(given.json)),
    };
  }
  if ('query' in given) {
    return { method: 'POST', url: '/', headers: host, body: Buffer.from(new URLSearchParams(given.query).toString()) };
  }
  const [method = '', url = ''] = given.http.split(' ');
  return { method, url, headers: { ...host, ...given.headers }, body: Buffer.from(given.body ?? '') };
}
