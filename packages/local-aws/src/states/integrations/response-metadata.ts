import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/** HTTP headers of an answer, by the answer's `$metadata`. */
const headersOf = new WeakMap<object, Readonly<Record<string, string>>>();

/**
 * A middleware that keeps the HTTP headers of a client's answers for {@link responseMetadata}; the SDK drops them. Add
 * it with the options {@link whereHeadersAre}.
 */
export function rememberHeaders<
  Args,
  Result extends { response: unknown; output?: { $metadata?: object } | undefined },
>(next: (args: Args) => Promise<Result>): (args: Args) => Promise<Result> {
  return async (args) => {
    const result = await next(args);
    noteHeaders(result.output?.$metadata, result.response);
    return result;
  };
}

/** Options for {@link rememberHeaders}. Adding it twice has no effect. */
export const whereHeadersAre = {
  step: 'deserialize',
  priority: 'high',
  name: 'rememberHeaders',
  override: true,
} as const;

function noteHeaders(metadata: object | undefined, response: unknown): void {
  if (metadata === undefined) return;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return;
  const { headers } = response;
  if (typeof headers === 'object' && headers !== null)
    headersOf.set(metadata, headers as Readonly<Record<string, string>>);
}

/**
 * `SdkHttpMetadata` and `SdkResponseMetadata`, which optimized integrations add to the service's answer. Header names
 * keep their case.
 */
export function responseMetadata(metadata: { httpStatusCode?: number; requestId?: string }): JsonObject {
  return responseMetadataOf({
    statusCode: metadata.httpStatusCode ?? 200,
    headers: headersOf.get(metadata) ?? {},
    requestId: metadata.requestId,
  });
}

/** The same for an answer that did not come through an SDK client. */
export function responseMetadataOf(answer: {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  requestId?: string | undefined;
}): JsonObject {
  const headers = Object.entries(answer.headers);
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(headers.map(([name, value]): [string, Json] => [name, [value]])),
      HttpHeaders: Object.fromEntries(headers),
      HttpStatusCode: answer.statusCode,
    },
    SdkResponseMetadata: { RequestId: answer.requestId ?? answer.headers['x-amzn-requestid'] ?? '' },
  };
}
