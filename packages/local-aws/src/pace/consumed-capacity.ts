import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { Intercept, WireRequest, WireResponse } from '../gateway/wire.ts';
import { jsonBody, withBody } from './json-body.ts';

/** The answer to a call that reported its capacity. */
export interface MeasuredAnswer {
  /** As the caller expects it: with ConsumedCapacity only if the caller asked for it. */
  readonly response: WireResponse;
  /** The body of `response`; undefined when it is not a JSON object. */
  readonly output: JsonObject | undefined;
  /** The engine's ConsumedCapacity: one object, or one for each table. */
  readonly capacity: Json | undefined;
}

/** Forwards a call and learns what it consumed, whether or not the caller asked for it. */
export async function forwardMeasured(
  request: WireRequest,
  input: JsonObject,
  forward: Parameters<Intercept>[1],
): Promise<MeasuredAnswer> {
  const isAsked = typeof input.ReturnConsumedCapacity === 'string' && input.ReturnConsumedCapacity !== 'NONE';
  const asked = isAsked ? input : { ...input, ReturnConsumedCapacity: 'TOTAL' };
  const response = await forward(withBody(request, asked));
  const output = jsonBody(response.body);
  const capacity = output?.ConsumedCapacity;
  if (isAsked || output === undefined || capacity === undefined) return { response, output, capacity };
  const { ConsumedCapacity: _, ...rest } = output;
  return { response: { ...response, body: Buffer.from(JSON.stringify(rest)) }, output: rest, capacity };
}

/** Units of a call, or of its part on one table; undefined when the engine reported none. */
export function consumedUnits(capacity: Json | undefined, table?: string): number | undefined {
  const all = (Array.isArray(capacity) ? capacity : [capacity]).filter(isJsonObject);
  const units = all
    .filter(({ TableName: name }) => table === undefined || name === table)
    .map(({ CapacityUnits }) => CapacityUnits);
  const known = units.filter((each) => typeof each === 'number');
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0);
}

/** Undefined for a failed condition, which costs what the write would have cost; 0 for every other failure. */
export function unitsOfFailure(output: JsonObject | undefined): number | undefined {
  return String(output?.__type).endsWith('ConditionalCheckFailedException') ? undefined : 0;
}
