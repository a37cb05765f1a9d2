import * as z from 'zod';

const answer = z.object({ units: z.looseObject({ dynamodbWriteUnits: z.number(), dynamodbReadUnits: z.number() }) });

/** DynamoDB units since the runtime's start, as `GET /_meter` of its endpoint tells them. */
export interface DynamoDbUnits {
  writes: number;
  reads: number;
}

/** Undefined when the runtime does not meter: it answers anything but 200. Throws ZodError for an answer of another shape. */
export async function readMeter(endpoint: string): Promise<DynamoDbUnits | undefined> {
  const response = await fetch(new URL('/_meter', endpoint));
  if (response.status !== 200) {
    await response.body?.cancel();
    return undefined;
  }
  const { units } = answer.parse(await response.json());
  return { writes: units.dynamodbWriteUnits, reads: units.dynamodbReadUnits };
}
