import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import type { Json } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import { compileTemplate, evaluateTemplate, type Template } from '@tweet-pipes/local-aws/states/jsonata/template';
import * as z from 'zod';
import { RecoveryError } from './errors.ts';
import type { IngestRecord } from './ingest-record.ts';

const content = z.object({
  text: z.string().optional(),
  createdAt: z.string().optional(),
  lang: z.string().optional(),
  userId: z.string().optional(),
  userName: z.string().optional(),
});

const tweet = z
  .object({ id: z.string(), content, hashtags: z.array(z.string()), record: z.string(), expiresAt: z.number() })
  // The workflow spells hashtags in a later state, by the same rule.
  .transform(({ content, hashtags, ...tweet }) => ({
    kind: 'tweet' as const,
    ...content,
    ...tweet,
    hashtags: [...new Set(hashtags.map(foldHashtag))],
  }));

const deletion = z
  .object({ id: z.string(), record: z.string(), deletedAt: z.string(), expiresAt: z.number() })
  .transform((deletion) => ({ kind: 'deletion' as const, ...deletion }));

const rejected = z.object({ reason: z.string() }).transform(({ reason }) => ({ kind: 'rejected' as const, reason }));

/** What the workflow would store of a tweet. */
export type ExtractedTweet = z.infer<typeof tweet>;
/** What the workflow would do for a delete notice. */
export type ExtractedDeletion = z.infer<typeof deletion>;
/** The workflow's projection of a record. */
export type Extracted = ExtractedTweet | ExtractedDeletion | z.infer<typeof rejected>;

const part = z.object({ tweets: z.array(tweet), deletions: z.array(deletion), rejected: z.array(rejected) });

const expression = z.string().startsWith('{%');
const reading = z.object({
  ReadRecords: z.object({ Assign: z.object({ read: expression }) }),
  CheckRecords: z.object({ Output: expression }),
});
const definition = z.object({
  States: z.object({ ReadBatch: z.object({ ItemProcessor: z.object({ States: reading }) }) }),
});

/**
 * The extraction of the deployed workflow: evaluates the expressions of its states ReadRecords and CheckRecords, with
 * the retentions of the deployed stack, so that there is no second extraction that could differ. Reads the definition
 * once. Throws RecoveryError when the workflow has no such states.
 */
export async function workflowExtraction(
  { clients, clock, random }: { clients: AwsClients; clock: Clock; random: Random },
  workflowArn: string,
): Promise<(record: Pick<IngestRecord, 'eventId' | 'arrivedAt' | 'tweet'>) => Promise<Extracted>> {
  const answer = await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: workflowArn }));
  const parsed = definition.safeParse(JSON.parse(answer.definition ?? 'null'));
  if (!parsed.success) throw unknownWorkflow(workflowArn, 'has no states ReadRecords and CheckRecords in ReadBatch');
  const { ReadRecords, CheckRecords } = parsed.data.States.ReadBatch.ItemProcessor.States;
  const compile = (text: string, location: string) =>
    compileTemplate(text, location, (_place, message) => {
      throw unknownWorkflow(workflowArn, message);
    });
  const read = compile(ReadRecords.Assign.read, 'Assign/read');
  const check = compile(CheckRecords.Output, 'Output');
  return async ({ eventId, arrivedAt, tweet }) => {
    const states = { input: 0, context: { Execution: { Input: [{ eventID: eventId, arrivedAt, tweet }] } } };
    const evaluate = (state: string, template: Template, variables: Record<string, Json>) =>
      evaluateTemplate(template, {
        state,
        enteredEventId: 0,
        bindings: { states, ...variables },
        environment: { nowMs: clock.now(), random },
        isAtStart: true,
      });
    const value = await evaluate('ReadRecords', read, {})
      .then((read) => evaluate('CheckRecords', check, { read }))
      .catch((error: unknown) => {
        if (error instanceof StateError || error instanceof RangeError) return undefined;
        throw error;
      });
    if (value === undefined)
      return { kind: 'rejected', reason: 'not-processable: the extraction of the workflow fails on it' };
    const { tweets, deletions, rejected } = part.parse(value);
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
