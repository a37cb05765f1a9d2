import { meteredItems, unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import * as z from 'zod';

const units = z.record(z.enum(meteredItems), z.number());
const answer = z.object({ units, callers: units });

/**
 * What AWS would have counted since the runtime's start: of the stack, and of what clients of the endpoint did beside.
 */
export type MeterReading = z.output<typeof answer>;

/** As `GET /_meter` of the endpoint tells it. Throws ZodError for an answer of another shape. */
export async function readMeter(endpoint: string): Promise<MeterReading> {
  return answer.parse(await (await fetch(new URL('/_meter', endpoint))).json());
}

/** What came between two readings. */
export function since(before: MeterReading, after: MeterReading): MeterReading {
  return { units: unitsSince(before.units, after.units), callers: unitsSince(before.callers, after.callers) };
}
