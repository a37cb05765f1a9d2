import type { Json, JsonObject } from '../../json.ts';

/** Headers by the `$metadata` object of the answer that they came with. */
const headersOf = new WeakMap<object, Readonly<Record<string, string>>>();

/** Called by a middleware on each client: remembers the HTTP headers of an answer, which the SDK drops. */
export function noteHeaders(metadata: object | undefined, response: unknown): void {
  if (metadata === undefined) return;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return;
  const { headers } = response;
  if (typeof headers === 'object' && headers !== null)
    headersOf.set(metadata, headers as Readonly<Record<string, string>>);
}

/** `SdkHttpMetadata` and `SdkResponseMetadata`, which optimized integrations add to the service's answer. Header names are as they came. */
export function responseMetadata(metadata: { httpStatusCode?: number; requestId?: string }): JsonObject {
  const headers = Object.entries(headersOf.get(metadata) ?? {});
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(headers.map(([name, value]): [string, Json] => [name, [value]])),
      HttpHeaders: Object.fromEntries(headers),
      HttpStatusCode: metadata.httpStatusCode ?? 200,
    },
    SdkResponseMetadata: { RequestId: metadata.requestId ?? '' },
  };
}
