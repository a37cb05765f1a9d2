import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { Intercept, WireRequest, WireResponse } from '../gateway/wire.ts';
import { jsonBody, withBody } from './json-body.ts';

/** Asks the engine what the call costs, and takes that out of the answer where the caller did not ask for it. */
export async function metered(
  request: WireRequest,
  input: JsonObject,
  forward: Parameters<Intercept>[1],
): Promise<{ response: WireResponse; output: JsonObject | undefined }> {
  const isAsked = typeof input.ReturnConsumedCapacity === 'string' && input.ReturnConsumedCapacity !== 'NONE';
  const asked = isAsked ? input : { ...input, ReturnConsumedCapacity: 'TOTAL' };
  const response = await forward(withBody(request, asked));
  const output = jsonBody(response.body);
  if (isAsked || output?.ConsumedCapacity === undefined) return { response, output };
  const { ConsumedCapacity: _, ...rest } = output;
  return { response: { ...response, body: Buffer.from(JSON.stringify(rest)) }, output };
}

/** Units of a call, or of the part of it that is on one table. */
export function consumed(output: JsonObject | undefined, table?: string): number | undefined {
  const given = output?.ConsumedCapacity;
  const all = (Array.isArray(given) ? given : [given]).filter(isJsonObject);
  const units = all
    .filter(({ TableName: name }) => table === undefined || name === table)
    .map(({ CapacityUnits }) => CapacityUnits);
  const known = units.filter((each) => typeof each === 'number');
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0);
}

/** A condition that fails costs what the write would have; what is refused costs nothing. */
export function costOfFailure(output: JsonObject | undefined): number | undefined {
  return String(output?.__type).endsWith('ConditionalCheckFailedException') ? undefined : 0;
}
