import * as z from 'zod';

const meter = z.object({ callers: z.object({ dynamodbWriteUnits: z.number() }) });

/**
 * Write units of DynamoDB that clients of a local runtime have used so far, by its meter. Throws ZodError when another
 * program answers, and fetch's error when none does.
 */
export async function callersWriteUnits(endpoint: string): Promise<number> {
  const answer = await fetch(`${endpoint}/_meter`);
  return meter.parse(await answer.json()).callers.dynamodbWriteUnits;
}
