import { isJsonObject, type Json, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import type { WireRequest } from '../gateway/wire.ts';

/** The JSON object in a body; undefined for anything else, which the service then refuses. */
export function jsonBody(body: Buffer): JsonObject | undefined {
  const value = parseJson(body.toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}

/** The same request with another body. */
export function withBody(request: WireRequest, body: Json): WireRequest {
  return { ...request, body: Buffer.from(JSON.stringify(body)) };
}
