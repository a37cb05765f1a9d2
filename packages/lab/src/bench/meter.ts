import { meteredItems, unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import * as z from 'zod';

const units = z.record(z.enum(meteredItems), z.number());
const answer = z.object({ units, callers: units });

/** Usage that AWS would have counted since the runtime's start: of the stack, and of other clients of the endpoint. */
export type MeterReading = z.output<typeof answer>;

/** Reads `GET /_meter` of the endpoint. Throws ZodError for an answer of another shape. */
export async function readMeter(endpoint: string): Promise<MeterReading> {
  return answer.parse(await (await fetch(new URL('/_meter', endpoint))).json());
}

/** The difference of two readings. */
export function since(before: MeterReading, after: MeterReading): MeterReading {
  return { units: unitsSince(before.units, after.units), callers: unitsSince(before.callers, after.callers) };
}
