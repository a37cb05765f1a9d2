import type { StreamRecord } from '@tweet-pipes/producer/record';
import jsonata from 'jsonata';
import * as z from 'zod';
import { readWorkflow } from '../../infra/workflow-definition.ts';

const extraction = z.object({
  tweets: z.array(z.record(z.string(), z.unknown())),
  deletions: z.array(z.object({ index: z.number(), id: z.string() })),
  rejected: z.array(z.object({ index: z.number(), reason: z.string() })),
});
const workflow = z
  .object({ States: z.object({ ExtractTweets: z.object({ Assign: z.object({ batch: z.string() }) }) }) })
  .parse(readWorkflow('ingest'));
const extractTweets = jsonata(
  workflow.States.ExtractTweets.Assign.batch
    .replace(/^\s*\{%|%\}\s*$/g, '')
    .replaceAll(/\$\{(Deletion|Tweet)RetentionSeconds\}/g, '1'),
);

/** What the first state of the workflow extracts from a record. The pipe parses JSON and leaves the rest as base64. */
export async function extract(record: StreamRecord): Promise<z.output<typeof extraction>> {
  const text = Buffer.from(record.data).toString();
  let tweet: unknown = Buffer.from(record.data).toString('base64');
  try {
    tweet = JSON.parse(text);
  } catch {}
  const input = [{ eventID: 'shardId-000000000000:1', arrivedAt: 1, tweet }];
  return extraction.parse(JSON.parse(JSON.stringify(await extractTweets.evaluate(undefined, { states: { input } }))));
}
