import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import { compileTemplate, evaluateTemplate } from '@tweet-pipes/local-aws/states/jsonata/template';
import * as z from 'zod';
import { RecoveryError } from './errors.ts';
import type { IngestRecord } from './ingest-record.ts';

const tweet = z.object({
  kind: z.literal('tweet'),
  id: z.string(),
  text: z.string().optional(),
  createdAt: z.string().optional(),
  lang: z.string().optional(),
  userId: z.string().optional(),
  userName: z.string().optional(),
  hashtags: z.array(z.string()),
  record: z.string(),
  expiresAt: z.number(),
});

const deletion = z.object({
  kind: z.literal('deletion'),
  id: z.string(),
  record: z.string(),
  deletedAt: z.string(),
  expiresAt: z.number(),
});

const rejected = z.object({ kind: z.literal('rejected'), reason: z.string() });

/** What the workflow would store of a tweet. */
export type ExtractedTweet = z.infer<typeof tweet>;
/** What the workflow would do for a delete notice. */
export type ExtractedDeletion = z.infer<typeof deletion>;
/** The workflow's projection of a record. */
export type Extracted = ExtractedTweet | ExtractedDeletion | z.infer<typeof rejected>;

const batch = z.object({ tweets: z.array(tweet), deletions: z.array(deletion), rejected: z.array(rejected) });

const definition = z.object({
  States: z.object({ ExtractTweets: z.object({ Assign: z.object({ batch: z.string().startsWith('{%') }) }) }),
});

/**
 * The extraction of the deployed workflow: evaluates the expression of its state ExtractTweets, with the retentions of
 * the deployed stack, so that there is no second extraction that could differ. Reads the definition once. Throws
 * RecoveryError when the workflow has no such state.
 */
export async function workflowExtraction(
  { clients, clock, random }: { clients: AwsClients; clock: Clock; random: Random },
  workflowArn: string,
): Promise<(record: Pick<IngestRecord, 'eventId' | 'arrivedAt' | 'tweet'>) => Promise<Extracted>> {
  const answer = await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: workflowArn }));
  const parsed = definition.safeParse(JSON.parse(answer.definition ?? 'null'));
  if (!parsed.success) throw unknownWorkflow(workflowArn, 'has no state ExtractTweets that assigns the batch');
  const template = compileTemplate(parsed.data.States.ExtractTweets.Assign.batch, 'Assign/batch', (_place, message) => {
    throw unknownWorkflow(workflowArn, message);
  });
  return async ({ eventId, arrivedAt, tweet }) => {
    const input = [{ eventID: eventId, arrivedAt, tweet }];
    const value = await evaluateTemplate(template, {
      state: 'ExtractTweets',
      enteredEventId: 0,
      bindings: { states: { input } },
      environment: { nowMs: clock.now(), random },
      isAtStart: true,
    }).catch((error: unknown) => {
      if (error instanceof StateError || error instanceof RangeError) return undefined;
      throw error;
    });
    if (value === undefined)
      return { kind: 'rejected', reason: 'not-processable: the extraction of the workflow fails on it' };
    const { tweets, deletions, rejected } = batch.parse(value);
    const [extracted] = [...tweets, ...deletions, ...rejected];
    if (extracted === undefined) throw unknownWorkflow(workflowArn, 'makes nothing of a record');
    return extracted;
  };
}

function unknownWorkflow(workflowArn: string, what: string): RecoveryError {
  return new RecoveryError(
    `The workflow ${workflowArn} ${what}; this version of tweet-pipes cannot redrive its records.`,
    { isRefusal: true },
  );
}
